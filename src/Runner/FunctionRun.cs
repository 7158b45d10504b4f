using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Actors.Runner;

/// <summary>Calls a function once for each list of arguments.</summary>
/// <param name="function">The function.</param>
/// <param name="options">The options of the jobs.</param>
/// <param name="onEnded">Called after each call, on any thread.</param>
internal sealed class FunctionRun(CallableMethod function, JobOptions options, Action onEnded)
{
    /// <summary>The number of calls that are submitted before their results are taken.</summary>
    private const int MaxPendingCalls = 10_000;

    private Exception? _interruption;

    /// <summary>Runs the calls. An interrupted run still provides the outcomes of all calls that had ended, and throws then.</summary>
    /// <returns>The outcomes, in the order of the calls.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost.</exception>
    /// <exception cref="NotCarriedException">The function or an argument cannot be carried to a worker.</exception>
    public async IAsyncEnumerable<CallOutcome> RunCallsAsync(
        ProcessPool pool, IEnumerable<object?[]> calls, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pending = new Queue<Task<CallOutcome>>();
        var number = 0;
        foreach (var arguments in calls.TakeWhile(_ => Volatile.Read(ref _interruption) is null))
        {
            pending.Enqueue(RunCallAsync(pool, ++number, arguments, cancellationToken));
            if (pending.Count == MaxPendingCalls)
                yield return await pending.Dequeue().ConfigureAwait(false);
        }

        while (pending.TryDequeue(out var oldest))
            yield return await oldest.ConfigureAwait(false);
        if (_interruption is { } interruption)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(interruption);
        }
    }

    private async Task<CallOutcome> RunCallAsync(ProcessPool pool, int number, object?[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            // A canceled job may still run for a while, and its result is no longer needed.
            var result = await function.CallAsync(pool, arguments, options, cancellationToken).WaitAsync(cancellationToken)
                .ConfigureAwait(false);
            return new CallOutcome(number, result, null);
        }
        catch (Exception exception) when (exception is CoordinatorLostException or NotCarriedException
            || cancellationToken.IsCancellationRequested)
        {
            Interlocked.CompareExchange(ref _interruption, exception, null);
            return CallOutcome.CreateUnfinished(number);
        }
        catch (Exception exception)
        {
            return new CallOutcome(number, null, $"{exception.GetType().Name}: {exception.Message}");
        }
        finally
        {
            onEnded();
        }
    }
}
