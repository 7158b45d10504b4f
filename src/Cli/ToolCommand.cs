using System.CommandLine;
using Actors.Chaos;
using Actors.Cli.Diagnosing;
using Actors.Cli.Operating;
using Actors.Cli.Output;
using Actors.Cli.Running;
using Actors.Coordinator;
using Actors.Programs;
using Actors.Runner;
using Actors.WorkerNode;

namespace Actors.Cli;

/// <summary>The command line of the tool <c>actors</c>.</summary>
internal static class ToolCommand
{
    private const string Name = "actors";

    /// <summary>Runs the tool.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configuration">Where the output goes; null for the console.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(
        IReadOnlyList<string> args, InvocationConfiguration? configuration = null, CancellationToken cancellationToken = default) =>
        ProgramOptions.RunCommandAsync(Create(args), args, configuration, cancellationToken);

    /// <summary>Creates the command with all its subcommands.</summary>
    /// <param name="args">The command line. Commands whose code travels to nodes run in a program of their own, which receives it.</param>
    public static RootCommand Create(IReadOnlyList<string> args)
    {
        var root = new RootCommand(
            "Runs functions, coordinators and worker nodes, shows and operates a cluster, and checks a machine. Exit codes: 0 success, 1 "
                + "failure, 2 invalid command line, 3 no coordinator could be reached, 130 interrupted.");
        foreach (var command in CreateCommands(args))
            root.Subcommands.Add(command);
        NamedHelp.ApplyTo(root, Name);
        return root;
    }

    private static IEnumerable<Command> CreateCommands(IReadOnlyList<string> args)
    {
        yield return new CoordinatorCommand().AddTo(new Command("coordinator", CoordinatorCommand.Description));
        yield return new WorkerCommand().AddTo(new Command("worker", WorkerCommand.Description));
        yield return new StatusCommand().CreateCommand();
        yield return new TopCommand().CreateCommand();
        foreach (var command in new NodeCommands().CreateCommands())
            yield return command;
        yield return new PoolCommands().CreateCommand();
        yield return new JobCommands().CreateCommand();
        foreach (var command in new ObjectCommands().CreateCommands())
            yield return command;
        yield return CreateRun(args);
        yield return new BundleCommand().CreateCommand();
        yield return new DoctorCommand().CreateCommand();
        yield return new ChaosCommand().CreateCommand(
            (_, _) => JobProgram.RunAsync(Path.Combine(JobProgram.DirectoryPath, "Actors.Chaos.dll"), args));
        yield return new CompletionCommand().CreateCommand();
    }

    private static Command CreateRun(IReadOnlyList<string> args)
    {
        var run = new RunCommand();
        return run.CreateCommand(async (parsed, _) =>
        {
            using var staged = StagedProgram.Create(run.ReadAssembly(parsed));
            return await JobProgram.RunAsync(staged.AssemblyPath, args).ConfigureAwait(false);
        });
    }
}
