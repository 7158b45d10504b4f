using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Actors.Messages.Nodes;
using Actors.Programs;
using Actors.Programs.Hosting;
using Actors.Remoting;
using Actors.Remoting.Bundles;
using Actors.Remoting.Chaos;
using Actors.WorkerNode.Joining;

namespace Actors.WorkerNode;

/// <summary>The command line of a worker node: its own program, and the command <c>worker</c> of the tool.</summary>
public sealed class WorkerCommand
{
    /// <summary>The description of the command, for its help.</summary>
    public const string Description = "Runs a worker node, which joins a coordinator and runs workers for its pools.";

    private readonly ProgramOptions _program = new("worker-node.conf", defaultPort: 0);

    private readonly Option<string> _join = ProgramOptions.AddCheck(
        new Option<string>("--join")
        {
            Description = "The address HOST:PORT of a coordinator, or a comma-separated list of several. The node waits until one is "
                + "running.",
            Required = true,
        },
        list => HostPort.TryParseList(list ?? "") is null
            ? $"--join must be HOST:PORT, such as 127.0.0.1:{Endpoints.DefaultPort}, or several, separated by commas."
            : null);

    private readonly Option<string?> _processes = ProgramOptions.AddCheck(
        new Option<string?>("--processes")
        {
            Description = "The number of workers: N, or MIN..MAX to add workers while jobs wait and the processors are not busy. "
                + $"From 1 to {ExecutorRange.MaxExecutors}. Default: the number of processors.",
        },
        text => text is not null && ExecutorRange.TryParse(text) is null
            ? $"--processes must be a number from 1 to {ExecutorRange.MaxExecutors}, or MIN..MAX."
            : null);

    private readonly Option<double> _idle = ProgramOptions.AddCheck(
        new Option<double>("--idle-seconds")
        {
            Description = "The time, in seconds, after which an idle worker beyond MIN is ended. More than 0.",
            DefaultValueFactory = _ => 30,
        },
        seconds => seconds is > 0 and < 1e6 ? null : "--idle-seconds must be more than 0.");

    private readonly Option<int> _busy = ProgramOptions.AddCheck(
        new Option<int>("--busy-percent")
        {
            Description = "The processor load of the machine, in percent, above which no worker beyond MIN is added. From 1 to 100.",
            DefaultValueFactory = _ => 90,
        },
        percent => percent is >= 1 and <= 100 ? null : "--busy-percent must be from 1 to 100.");

    private readonly Option<string[]> _labels = new("--label")
    {
        Description = "A label of this node, such as gpu or zone=a, for PoolOptions.RequiredLabels. Repeatable. Default: none.",
    };

    private readonly Option<string[]> _resources = ProgramOptions.AddCheck(
        new Option<string[]>("--resource")
        {
            Description = "A resource NAME=AMOUNT that the node's workers share, such as gpu=2, for PoolOptions.ResourcesPerWorker. The "
                + "amount is "
                + "more than 0. Repeatable. Default: none.",
        },
        all => (all ?? []).FirstOrDefault(text => ParseResource(text) is null) is { } wrong
            ? $"--resource must be NAME=AMOUNT with an amount greater than 0, not '{wrong}'."
            : null);

    private readonly Option<DirectoryInfo> _cache = new("--cache")
    {
        Description = "The directory for downloaded code.",
        DefaultValueFactory = _ => new DirectoryInfo(BundleStore.DefaultDirectory),
    };

    private readonly Option<int> _codeSpace = ProgramOptions.AddCheck(
        new Option<int>("--code-space")
        {
            Description = "The disk space, in GiB, for downloaded code; unpacked, it takes as much again. Above it, the code that was not "
                + "used for the longest time is removed, unless workers use it. From 1 to 1048576.",
            DefaultValueFactory = _ => BundleStore.DefaultGibibytes,
        },
        gibibytes => gibibytes is < 1 or > 1 << 20 ? "--code-space must be from 1 to 1048576." : null);

    private readonly Option<bool> _allowChaos = new(ChaosSetup.AllowOption)
    {
        Description = "Permits operators to kill, pause and disconnect this program and its workers with the command chaos. For tests "
            + "only. Default: off.",
    };

    private readonly SettingsOption _settings = ProgramConfiguration.CreateOption("WorkerNode");

    /// <summary>Adds the options and the action to a command.</summary>
    public T AddTo<T>(T command)
        where T : Command
    {
        foreach (var option in new Option[] { _join, _processes, _idle, _busy, _labels, _resources, _cache, _codeSpace, _allowChaos })
            command.Options.Add(option);
        _program.AddTo(command);
        command.Options.Add(_settings);
        command.Validators.Add(given =>
        {
            if (ReadTraits(given).MeasureMemory() > NodeTraits.LargestOfNode)
            {
                given.AddError(
                    $"The labels and resources of a node take at most {NodeTraits.LargestOfNode} bytes. Use fewer, or shorten them.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        ProgramHost.RunServicesAsync(
            "actors-worker-node", ProgramConfiguration.ReadConfiguration(parsed.GetValue(_settings)),
            services => services.AddWorkerNode(ReadOptions(parsed)), cancellationToken);

    private WorkerNodeOptions ReadOptions(ParseResult parsed) => new(
        _program.ReadSettings(parsed),
        HostPort.TryParseList(parsed.GetValue(_join)!)!,
        ExecutorRange.TryParse(parsed.GetValue(_processes) ?? $"{Environment.ProcessorCount}")!.Value,
        ReadTraits(parsed.CommandResult),
        TimeSpan.FromSeconds(parsed.GetValue(_idle)), parsed.GetValue(_busy) / 100.0, parsed.GetValue(_cache)!.FullName,
        (long)parsed.GetValue(_codeSpace) << 30, parsed.GetValue(_allowChaos));

    /// <summary>Reads the labels and the valid resources.</summary>
    private NodeTraits ReadTraits(CommandResult given) => new(
        [.. (given.GetValue(_labels) ?? []).Distinct()],
        [.. (given.GetValue(_resources) ?? []).Select(ParseResource).OfType<ResourceAmount>().DistinctBy(resource => resource.Name)]);

    private static ResourceAmount? ParseResource(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, var amount]
        && decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number > 0
            ? new ResourceAmount(name, number)
            : null;
}
