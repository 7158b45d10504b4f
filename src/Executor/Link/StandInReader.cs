using Actors.Messages.Executors;

namespace Actors.Executor.Link;

/// <summary>
/// Reads from the node while the main thread is busy with a job that takes long: cancellation, recall and the node's death are noticed
/// within about a millisecond, and results and receipts that wait for company are sent. For short jobs it does nothing at all, so that they
/// cost no switch between threads.
/// </summary>
internal sealed class StandInReader
{
    private const int TicksUntilDormant = 20;

    /// <summary>How late what other threads of a job have held back is sent while the job waits for the node.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private readonly NodeLink _link;
    private readonly ReceiptRing _receipts;
    private readonly Func<long> _jobInProgress;
    private readonly ManualResetEventSlim _wake = new(false);
    private volatile bool _dormant = true;

    /// <param name="link">What to read.</param>
    /// <param name="receipts">What the node is to be told of, by and by.</param>
    /// <param name="jobInProgress">A number that differs for every job; 0 when none runs.</param>
    public StandInReader(NodeLink link, ReceiptRing receipts, Func<long> jobInProgress)
    {
        _link = link;
        _receipts = receipts;
        _jobInProgress = jobInProgress;
        new Thread(ReadWhileBusy) { IsBackground = true, Name = "stand-in reader" }.Start();
    }

    /// <summary>A job begins.</summary>
    public void OnJobBegun()
    {
        // The job's number must be seen before the flag is read, as below the flag before the number: one of the two sees the other.
        Interlocked.MemoryBarrier();
        if (_dormant)
            _wake.Set();
    }

    private void ReadWhileBusy()
    {
        while (true)
        {
            _wake.Wait();
            _wake.Reset();
            _dormant = false;
            WatchJobs();
            _dormant = true;
            Interlocked.MemoryBarrier();
            // A job that began just before saw no need to wake anybody.
            if (_jobInProgress() != 0)
                _wake.Set();
        }
    }

    private void WatchJobs()
    {
        var idle = 0;
        var seen = (Job: 0L, Reads: 0L);
        while (idle < TicksUntilDormant)
        {
            Thread.Sleep(1);
            var job = _jobInProgress();
            idle = job == 0 ? idle + 1 : 0;
            // A job that reads by itself, as it waits for managed objects, needs no help: it would only be in its way.
            var now = (job, _link.Reads);
            if (job != 0 && now == seen)
            {
                FlushAll();
                if (!_link.TryReadWhileNobodyElse())
                    _link.WaitWhileSomebodyReads(LongestWait);
            }

            seen = now;
        }
    }

    private void FlushAll()
    {
        if (_receipts.IsEmpty)
            _link.FlushHeld();
        else
            _link.SendSimple(FrameKind.ReceiptsPending);
    }
}
