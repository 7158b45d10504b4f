namespace Actors.Faults.Tests.Loads;

/// <summary>A party of a barrier, in a worker or in this process.</summary>
internal static class BarrierRun
{
    /// <summary>The number of parties.</summary>
    public const int Parties = 2;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    /// <summary>Runs in a worker.</summary>
    public static void Execute(ManagedBarrier barrier, string directory, int rounds) =>
        ExecuteAsync(barrier, directory, rounds).GetAwaiter().GetResult();

    /// <summary>Passes the barrier a number of times, or until it breaks or is lost.</summary>
    public static async Task ExecuteAsync(ManagedBarrier barrier, string directory, int rounds)
    {
        using var history = new HistoryFile(directory);
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                history.Record(HistoryStep.Arrived, "barrier");
                history.Record(HistoryStep.Passed, "barrier", await barrier.SignalAndWaitAsync(Wait));
            }
        }
        catch (Exception exception) when (
            exception is BrokenBarrierException or CoordinatorLostException or ManagedObjectGoneException or TimeoutException)
        {
            // The other party has died, or was retried after the barrier broke.
        }

        history.Record(HistoryStep.Finished, "run");
    }
}
