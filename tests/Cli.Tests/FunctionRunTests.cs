using Actors.Runner;

namespace Actors.Cli.Tests;

public sealed class FunctionRunTests
{
    private readonly Dictionary<int, TaskCompletionSource<object?>> _calls = new()
    {
        [1] = new(),
        [2] = new(),
        [3] = new(),
    };

    [Fact]
    public async Task RunCallsAsync_Canceled_ProvidesEndedCallsAndThrows()
    {
        using var stop = new CancellationTokenSource();
        var outcomes = new List<CallOutcome>();
        _calls[1].SetResult("one");
        _calls[3].SetResult("three");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var outcome in RunAsync(stop.Token))
            {
                outcomes.Add(outcome);
                await stop.CancelAsync();
            }
        });

        Assert.Equal(
            [new CallOutcome(1, "one", null), CallOutcome.CreateUnfinished(2), new CallOutcome(3, "three", null)], outcomes);
    }

    [Fact]
    public async Task RunCallsAsync_LostCoordinator_ProvidesEndedCallsAndThrows()
    {
        var outcomes = new List<CallOutcome>();
        void EndCalls()
        {
            _calls[2].SetException(new ArgumentException("unlucky"));
            _calls[3].SetResult("three");
            _calls[1].SetException(new CoordinatorLostException("lost"));
        }

        var lost = await Assert.ThrowsAsync<CoordinatorLostException>(async () =>
        {
            await foreach (var outcome in RunAsync(CancellationToken.None, EndCalls))
                outcomes.Add(outcome);
        });

        Assert.Equal("lost", lost.Message);
        Assert.Equal(
            [CallOutcome.CreateUnfinished(1), new CallOutcome(2, null, "ArgumentException: unlucky"), new CallOutcome(3, "three", null)],
            outcomes);
    }

    private IAsyncEnumerable<CallOutcome> RunAsync(CancellationToken stop, Action? onLast = null) =>
        new FunctionRun(new ControlledMethod(_calls, onLast), new JobOptions(), () => { })
            .RunCallsAsync(null!, _calls.Keys.Select(number => new object?[] { number }), stop);

    /// <summary>A method whose calls end when the test decides.</summary>
    private sealed class ControlledMethod(Dictionary<int, TaskCompletionSource<object?>> calls, Action? onLast) : CallableMethod
    {
        public override bool HasResult => true;

        public override Task<object?> CallAsync(
            ProcessPool pool, object?[] arguments, JobOptions options, CancellationToken cancellationToken)
        {
            var number = (int)arguments[0]!;
            if (number == calls.Count)
                onLast?.Invoke();
            return calls[number].Task;
        }
    }
}
