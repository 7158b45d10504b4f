using System.CommandLine;
using Actors.Cli.Operating;
using Actors.Cli.Output;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.WorkerNode.Joining;

namespace Actors.Cli.Diagnosing;

/// <summary>
/// The command <c>doctor</c>: everything on this machine, or between it and a cluster, that would stop a pool, and the remedy.
/// </summary>
internal sealed class DoctorCommand
{
    private readonly Option<int?> _processes = ProgramOptions.AddCheck(
        new Option<int?>("--processes")
        {
            Description = $"The number of workers of the pool. From 1 to {ExecutorRange.MaxExecutors}. Default: the number of processors.",
        },
        count => count is < 1 or > ExecutorRange.MaxExecutors ? $"--processes must be from 1 to {ExecutorRange.MaxExecutors}." : null);

    private readonly Option<int[]> _ports = ProgramOptions.AddCheck(
        new Option<int[]>("--port")
        {
            Description = $"A port on which a program is to listen. Repeatable. Default: {Endpoints.DefaultPort}, and only a warning if it "
                + "is in use.",
        },
        ports => (ports ?? []).Any(port => port is < 1 or > 65535) ? "--port must be from 1 to 65535." : null);

    private readonly Option<string?> _connect = ProgramOptions.AddCheck(
        new Option<string?>("--connect")
        {
            Description = "The address HOST:PORT of a coordinator that is to be checked too, or a comma-separated list of several. "
                + "Default: none.",
        },
        list => list is not null && HostPort.TryParseList(list) is null
            ? "--connect must be HOST:PORT, or several, separated by commas."
            : null);

    private readonly Option<double> _timeout = ClusterConnection.CreateTimeout();

    // The files are checked as findings, not by the parser.
    private readonly Option<FileInfo?> _key = new("--key-file")
    {
        Description = $"A file with the key of the cluster. Default: the file that {AccessKey.FileVariable} names.",
    };

    private readonly Option<DirectoryInfo?> _tls = new("--tls")
    {
        Description = $"A directory with certificates. Default: the directory that {TlsIdentity.DirectoryVariable} names.",
    };

    /// <summary>Creates the command.</summary>
    public Command CreateCommand()
    {
        var command = new Command(
            "doctor",
            "Finds everything on this machine that would stop a pool, and names the remedy: runtime, temporary directory, shared memory, "
                + "cache, descriptors, ports, certificates and key. With --connect it also connects to coordinators, as a client "
                + "does. Then it starts a worker. The exit code is 1 if a pool would be stopped.")
        {
            _processes, _ports, _connect, _timeout, _key, _tls, JsonAnswer.Option,
        };
        command.SetAction(async (parsed, token) =>
        {
            var findings = CheckMachine(parsed).ToList();
            findings.AddRange(await CheckCoordinatorsAsync(parsed, token).ConfigureAwait(false));
            if (findings.All(finding => finding.Level != FindingLevel.Problem))
                findings.Add(await RuntimeChecks.CheckWorkerAsync(token).ConfigureAwait(false));
            var diagnosis = new Diagnosis(findings);
            new CommandOutput(parsed).Write(diagnosis, Diagnosis.CreateView);
            return diagnosis.ExitCode;
        });
        return command;
    }

    private Task<Finding[]> CheckCoordinatorsAsync(ParseResult parsed, CancellationToken cancellationToken) => Task.WhenAll(
        from coordinator in parsed.GetValue(_connect) is { } list ? HostPort.ParseList(list) : []
        select CoordinatorChecks.CheckCoordinatorAsync(
            coordinator, parsed.GetValue(_key)?.FullName, parsed.GetValue(_tls)?.FullName,
            TimeSpan.FromSeconds(parsed.GetValue(_timeout)), cancellationToken));

    private IEnumerable<Finding> CheckMachine(ParseResult parsed)
    {
        var workers = parsed.GetValue(_processes) ?? Environment.ProcessorCount;
        yield return RuntimeChecks.CheckRuntime();
        yield return StorageChecks.CheckTemporaryDirectory(workers);
        yield return StorageChecks.CheckSharedMemory();
        yield return StorageChecks.CheckCache();
        yield return RuntimeChecks.CheckDescriptors(workers);
        var ports = parsed.GetValue(_ports) ?? [];
        foreach (var port in ports)
            yield return LinkChecks.CheckPort(port, FindingLevel.Problem);
        if (ports.Length == 0)
            yield return LinkChecks.CheckPort(Endpoints.DefaultPort, FindingLevel.Warning);
        yield return LinkChecks.CheckCertificates(parsed.GetValue(_tls)?.FullName);
        yield return LinkChecks.CheckKey(parsed.GetValue(_key)?.FullName);
    }
}
