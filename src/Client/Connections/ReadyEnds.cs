using Actors.Runtime;

namespace Actors.Connections;

/// <summary>Waits for several ends at once. Polls receive nothing, so canceled polls lose nothing.</summary>
internal static class ReadyEnds
{
    public static async Task<IReadOnlyList<TEnd>> WaitForAnyAsync<TEnd>(
        IEnumerable<TEnd> ends, TimeSpan? timeout, CancellationToken cancellationToken)
        where TEnd : IPollable
    {
        ArgumentNullException.ThrowIfNull(ends);
        var limit = TimeoutRule.RequireValid(timeout);
        TEnd[] all = [.. ends.Distinct()];
        if (all.Any(end => end is null))
            throw new ArgumentException("One of the ends is null. Pass only open ends.", nameof(ends));
        if (all.Length == 0 && limit == Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException(
                "A wait without ends and without a timeout never returns: pass at least one end, or a timeout.", nameof(ends));
        }

        var ready = await PollEndsAsync(all, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        return ready.Count > 0 || limit == TimeSpan.Zero
            ? ready
            : await PollUntilAnyAsync(all, limit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Polls all ends for the same time.</summary>
    private static async Task<IReadOnlyList<TEnd>> PollEndsAsync<TEnd>(TEnd[] ends, TimeSpan timeout, CancellationToken cancellationToken)
        where TEnd : IPollable
    {
        var polls = await Task.WhenAll(ends.Select(end => end.PollAsync(timeout, cancellationToken))).ConfigureAwait(false);
        return [.. ends.Where((_, i) => polls[i])];
    }

    /// <summary>Polls one end. An exception of the call becomes one of its task, so that the other polls still end.</summary>
    private static async Task<bool> PollEndsAsync<TEnd>(TEnd end, CancellationToken cancellationToken)
        where TEnd : IPollable => await end.PollAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);

    private static async Task<IReadOnlyList<TEnd>> PollUntilAnyAsync<TEnd>(TEnd[] ends, TimeSpan limit, CancellationToken cancellationToken)
        where TEnd : IPollable
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var expired = Task.Delay(limit, stop.Token);
        Task<bool>[] polls = [.. ends.Select(end => PollEndsAsync(end, stop.Token))];
        await Task.WhenAny([.. polls, expired]).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        // All polls must end: an end that is still polled cannot be received from.
        await ((Task)Task.WhenAll(polls)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var failed in polls.Where(poll => poll.IsFaulted))
            await failed.ConfigureAwait(false);
        return [.. ends.Where((_, i) => polls[i] is { IsCompletedSuccessfully: true, Result: true })];
    }
}
