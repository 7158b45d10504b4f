using System.Runtime.CompilerServices;

namespace Actors.Runner;

/// <summary>Calls a function once for each list of arguments.</summary>
/// <param name="function">The function.</param>
/// <param name="options">The options of the jobs.</param>
/// <param name="onEnded">Called after each call, on any thread.</param>
internal sealed class FunctionRun(CallableMethod function, JobOptions options, Action onEnded)
{
    /// <summary>The number of calls that are submitted before their results are taken.</summary>
    private const int MaxPendingCalls = 10_000;

    /// <summary>Runs the calls.</summary>
    /// <returns>The outcomes, in the order of the calls.</returns>
    public async IAsyncEnumerable<CallOutcome> RunCallsAsync(
        ProcessPool pool, IEnumerable<object?[]> calls, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pending = new Queue<Task<CallOutcome>>();
        var number = 0;
        foreach (var arguments in calls)
        {
            pending.Enqueue(RunCallAsync(pool, ++number, arguments, cancellationToken));
            if (pending.Count == MaxPendingCalls)
                yield return await pending.Dequeue().ConfigureAwait(false);
        }

        while (pending.TryDequeue(out var oldest))
            yield return await oldest.ConfigureAwait(false);
    }

    private async Task<CallOutcome> RunCallAsync(ProcessPool pool, int number, object?[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return new CallOutcome(
                number, await function.CallAsync(pool, arguments, options, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception exception) when (exception is not (CoordinatorLostException or NotCarriedException)
            && !cancellationToken.IsCancellationRequested)
        {
            return new CallOutcome(number, null, $"{exception.GetType().Name}: {exception.Message}");
        }
        finally
        {
            onEnded();
        }
    }
}
