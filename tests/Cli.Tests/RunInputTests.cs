using System.CommandLine;
using Actors.Programs;
using Actors.Runner;

namespace Actors.Cli.Tests;

/// <summary>The input of the command <c>run</c>. These tests replace the standard input of the process.</summary>
[Collection(RunsAlone.Name)]
public sealed class RunInputTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Run_StoppedWhileItWaitsForALine_EndsAtOnce()
    {
        using var input = new SilentReader();
        using var stop = new CancellationTokenSource();
        var previous = Console.In;
        Console.SetIn(input);
        try
        {
            var run = Task.Run(() => RunAsync("-", TextWriter.Null, stop.Token));
            await input.Waiting.WaitAsync(Longest);
            await stop.CancelAsync();

            Assert.Equal(ExitCode.Interrupted, await run.WaitAsync(Longest));
        }
        finally
        {
            input.End();
            Console.SetIn(previous);
        }
    }

    /// <summary>A file that exists, and whose first read fails.</summary>
    [Fact]
    public async Task Run_UnreadableMap_ExitsWithTwoAndNamesTheFile()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var errors = new StringWriter();

        var exitCode = await RunAsync("/proc/self/mem", errors, CancellationToken.None);

        Assert.Equal(ExitCode.InvalidCommandLine, exitCode);
        Assert.StartsWith("The file /proc/self/mem (--map) cannot be read: ", errors.ToString(), StringComparison.Ordinal);
    }

    private static Task<int> RunAsync(string map, TextWriter errors, CancellationToken stop)
    {
        string[] line = ["run", "Actors.Cli.Tests.dll", "Actors.Cli.Tests.FunctionSearchTests.Functions.Wait", "--map", map];
        return ProgramOptions.RunCommandAsync(
            new RootCommand { new RunCommand().CreateCommand() }, line, new InvocationConfiguration { Error = errors }, stop);
    }

    /// <summary>An input without a line, such as a terminal without typed text.</summary>
    private sealed class SilentReader : TextReader
    {
        private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _end = new();

        public Task Waiting => _waiting.Task;

        public void End() => _end.Set();

        public override string? ReadLine()
        {
            _waiting.TrySetResult();
            _end.Wait();
            return null;
        }
    }
}
