using System.Text.Json;
using Actors.Cli.Tests.Running;
using Actors.Programs;

namespace Actors.Cli.Tests;

/// <summary>The command <c>top</c> while its coordinator stops and starts.</summary>
public sealed class TopTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private readonly string _address = $"127.0.0.1:{RunningCluster.FindFreePort()}";

    [Fact]
    public async Task Top_CoordinatorThatStartsAgain_IsShownAgain()
    {
        using var answer = new AnswerLines();
        using var stop = new CancellationTokenSource();
        var (first, stopFirst) = await StartCoordinatorAsync();
        var top = Tool.RunAsync(
            ["top", "--json", "--interval", "0.1", "--timeout", "1", "--connect", _address], answer, stop.Token);

        await ReadUntilAsync(answer, problems => problems == 0);
        await stopFirst.CancelAsync();
        await first;
        await ReadUntilAsync(answer, problems => problems == 1);
        var (second, stopSecond) = await StartCoordinatorAsync();
        await ReadUntilAsync(answer, problems => problems == 0);
        await stop.CancelAsync();

        Assert.Equal(ExitCode.Interrupted, (await top.WaitAsync(_timeout.Token)).ExitCode);
        await stopSecond.CancelAsync();
        await second;
    }

    [Fact]
    public async Task Top_StoppedDuringARequest_ExitsWithInterrupted()
    {
        using var answer = new AnswerLines();
        using var stop = new CancellationTokenSource();
        var (coordinator, stopCoordinator) = await StartCoordinatorAsync();
        var top = Tool.RunAsync(["top", "--json", "--interval", "0.1", "--timeout", "100", "--connect", _address], answer, stop.Token);

        await ReadUntilAsync(answer, problems => problems == 0);
        await stopCoordinator.CancelAsync();
        await coordinator;
        // The next request has no answer, and waits longer than this test.
        await stop.CancelAsync();

        var run = await top.WaitAsync(_timeout.Token);
        Assert.Equal((ExitCode.Interrupted, ""), (run.ExitCode, run.Errors));
    }

    /// <inheritdoc/>
    public void Dispose() => _timeout.Dispose();

    private async Task<(Task<ToolRun> Run, CancellationTokenSource Stop)> StartCoordinatorAsync()
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token);
        var run = Tool.RunAsync(["coordinator", "--port", _address.Split(':')[1]], stop.Token);
        // The command waits until the coordinator answers.
        Assert.Equal(0, (await Tool.RunAsync("status", "--timeout", "60", "--connect", _address)).ExitCode);
        return (run, stop);
    }

    private async Task ReadUntilAsync(AnswerLines answer, Func<int, bool> isExpected)
    {
        int problems;
        do
        {
            using var sample = JsonDocument.Parse(await answer.ReadLineAsync(_timeout.Token));
            problems = sample.RootElement.GetProperty("problems").GetArrayLength();
        }
        while (!isExpected(problems));
    }
}
