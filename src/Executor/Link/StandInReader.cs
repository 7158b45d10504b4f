using Actors.Messages.Executors;

namespace Actors.Executor.Link;

/// <summary>
/// Reads from the node while the main thread runs a long job. Cancellations, revocations and the loss of the node are noticed within about
/// a millisecond, and buffered results and receipts are sent. It does nothing during short jobs, which cost no switch between threads.
/// </summary>
internal sealed class StandInReader
{
    private const int TicksUntilDormant = 20;

    /// <summary>The longest delay of buffered messages of other threads of a job while the job waits for the node.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private readonly NodeLink _link;
    private readonly ReceiptRing _receipts;
    private readonly Func<long> _jobInProgress;
    private readonly ManualResetEventSlim _wake = new(false);
    private volatile bool _dormant = true;

    /// <param name="link">The connection to read from.</param>
    /// <param name="receipts">The receipts that the node must get in time.</param>
    /// <param name="jobInProgress">Gets a number that differs for each job; 0 if no job runs.</param>
    public StandInReader(NodeLink link, ReceiptRing receipts, Func<long> jobInProgress)
    {
        _link = link;
        _receipts = receipts;
        _jobInProgress = jobInProgress;
        new Thread(ReadWhileBusy) { IsBackground = true, Name = "stand-in reader" }.Start();
    }

    /// <summary>Called when a job begins.</summary>
    public void OnJobBegun()
    {
        // The number of the job is written before the flag is read here. Below, the flag is written before the number is read. So one of
        // the two threads sees the change of the other.
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
            // A job that began just before did not wake this thread.
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
            // A job that reads itself, because it waits for managed objects, needs no help.
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
