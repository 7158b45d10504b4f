using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Actors.Cli.Output;
using Actors.Programs;
using Actors.WorkerNode.Executors;

namespace Actors.Cli.Running;

/// <summary>The command <c>bundle</c>: the code that travels to a cluster.</summary>
internal sealed class BundleCommand
{
    private readonly Argument<FileInfo> _assembly = new("assembly")
    {
        Description = "The .dll file of a program or library, with its dependencies beside it.",
    };

    /// <summary>Creates the command.</summary>
    public Command CreateCommand()
    {
        var command = new Command(
            "bundle",
            "Shows the code that travels to a cluster when a program opens a pool there: its files, their sizes and hashes. For a library, "
                + "it is the code that the command run sends. Starts the program's worker to find them, so pass only code that you trust.")
        {
            _assembly, JsonAnswer.Option,
        };
        command.SetAction(async (parsed, token) => new CommandOutput(parsed).Write(
            await ReadBundleAsync(parsed.GetValue(_assembly)!, token).ConfigureAwait(false), BundleView.CreateView));
        return command;
    }

    private static async Task<BundleView> ReadBundleAsync(FileInfo assembly, CancellationToken cancellationToken)
    {
        var own = new ProgramFiles(assembly.DirectoryName!, Path.GetFileNameWithoutExtension(assembly.Name));
        if (assembly.Exists && own.CanStartWorkers)
            return await ReadBundleAsync(own, cancellationToken).ConfigureAwait(false);
        using var staged = StagedProgram.Create(assembly);
        return await ReadBundleAsync(staged.Files, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts the worker's program as that program would, with a hook that writes the bundle.</summary>
    private static async Task<BundleView> ReadBundleAsync(ProgramFiles program, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            DotNetHost.Path,
            ["exec", "--depsfile", program.DepsFile, "--runtimeconfig", program.RuntimeConfigFile, program.ExecutorAssembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = Path.Combine(JobProgram.DirectoryPath, "Actors.Runner.dll");
        using var process = Process.Start(start)!;
        var (answer, errors) = (
            process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<BundleView>(await answer.ConfigureAwait(false), JsonSerializerOptions.Web)!
            : throw new InvalidOperationException((await errors.ConfigureAwait(false)).Trim());
    }
}
