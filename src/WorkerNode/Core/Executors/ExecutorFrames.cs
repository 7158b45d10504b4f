using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Converts the frames of an executor to messages, on the receiving thread. Outcomes go directly to the pool and calls directly to their
/// objects, with the actor of the executor as their sender.
/// </summary>
/// <param name="reports">Keeps reports until the pool has acknowledged them.</param>
/// <param name="executor">The executor's actor.</param>
/// <param name="pool">The pool.</param>
/// <param name="objects">Receives calls of managed objects.</param>
/// <param name="jobs">Reads the reports about jobs.</param>
/// <param name="spans">The spans of the jobs.</param>
/// <param name="hasFiles">Whether large results are in files.</param>
/// <param name="receipts">The receipts of the answers that the process has received.</param>
/// <param name="clock">The clock.</param>
public sealed class ExecutorFrames(
    ReportLog reports, IActorRef executor, IActorRef pool, IActorRef objects, WorkerReports jobs, RunSpans spans, bool hasFiles,
    ReceiptReader receipts, TimeProvider clock) : IDisposable
{
    /// <summary>The limit of workers behind a worker. A worker starts some hundreds at most, and each of them is an actor here.</summary>
    private const int MaxCallers = 4096;

    private readonly WorkerProgress _progress = new(clock, (job, value) => pool.Tell(reports.CreateProgress(job, value), executor));
    private readonly ForwardingWindow _window = new(marker => executor.Tell(new ExecutorActor.WindowMarker(marker)));
    private readonly HashSet<long> _callers = [];
    private readonly Lock _forwarding = new();
    private long _caller;
    private long _answeredRevocations;
    private long _asked;
    private int _unanswered;
    private bool _isClosed;
    private bool _hasStarted;
    private readonly bool _isRemote = !pool.Path.Address.HasLocalScope;

    /// <summary>The number of revocations that the executor has answered.</summary>
    public long AnsweredRevocations => Interlocked.Read(ref _answeredRevocations);

    /// <summary>Records the position up to which the process is asked for its jobs. Call it before the process is asked.</summary>
    public void SetAskedPosition(long position)
    {
        Interlocked.Exchange(ref _asked, position);
        Interlocked.Increment(ref _unanswered);
    }

    /// <inheritdoc cref="ForwardingWindow.OnHandled"/>
    public void OnHandled(long marker) => _window.OnHandled(marker);

    /// <summary>Ends the waiting of the receiving thread. Afterwards the receipts are not read: their file may be closed.</summary>
    public void Dispose()
    {
        lock (_forwarding)
            _isClosed = true;
        _window.Dispose();
        _progress.Dispose();
    }

    /// <summary>Processes a frame.</summary>
    /// <exception cref="InvalidDataException">No worker of this library sends this frame.</exception>
    public void ProcessFrame(Frame frame)
    {
        // Forward receipts first: they are older than the frame.
        while (ForwardReceipts())
            _window.WaitForRoom();
        _window.WaitForRoom();
        switch (frame.Kind)
        {
            case FrameKind.Done: pool.Tell(ReadDone(frame.CreateReader()), executor); break;
            case FrameKind.DoneStored: executor.Tell(ReadDoneStored(frame.CreateReader())); break;
            case FrameKind.Progress: AddProgress(frame.CreateReader()); break;
            case FrameKind.ObjectCall: ForwardCall(ObjectFrames.ReadCall(frame.CreateReader())); break;
            case FrameKind.ObjectReplyReceived: ForwardToObject(ReadReceived(frame)); break;
            case FrameKind.ReceiptsPending: frame.CreateReader().RequireEnd(); break;
            case FrameKind.ObjectCallAbandoned: ForwardToObject(ReadAbandoned(frame)); break;
            case FrameKind.Caller: _caller = ReadCaller(frame.CreateReader()); break;
            case FrameKind.CallerEnded: RemoveCaller(ReadNumber(frame.CreateReader())); break;
            case FrameKind.Returned: ReturnJobs(frame.CreateReader()); break;
            case FrameKind.Held: executor.Tell(ReadHeld(frame.CreateReader())); break;
            case FrameKind.Ready: OnReady(frame.CreateReader()); break;
            case FrameKind.InitializerFailed: executor.Tell(ReadInitializerFailed(frame.CreateReader())); break;
            default: throw new InvalidDataException($"The executor sent {frame.Kind}, which a node does not accept.");
        }
    }

    private void OnReady(FrameReader reader)
    {
        reader.RequireEnd();
        RequireStart("that it is ready");
        executor.Tell(ExecutorActor.InitializerSucceeded.Instance);
    }

    private ExecutorActor.InitializerFailed ReadInitializerFailed(FrameReader reader)
    {
        var failure = reader.ReadFailure()
            ?? throw new InvalidDataException("The worker reports a failure of its initializer without the failure.");
        reader.RequireEnd();
        RequireStart("a failure of its initializer");
        return new ExecutorActor.InitializerFailed(failure);
    }

    /// <summary>
    /// Accepts one report about the start. The failure of an initializer ends the pool, so a job must not be able to report it.
    /// </summary>
    private void RequireStart(string report)
    {
        if (_hasStarted)
            throw new InvalidDataException($"The worker reports {report} after its start.");
        _hasStarted = true;
    }

    private long ReadCaller(FrameReader reader)
    {
        var caller = ReadNumber(reader);
        if (_callers.Add(caller) && _callers.Count > MaxCallers)
            throw new InvalidDataException($"The worker names more than {MaxCallers} callers.");
        return caller;
    }

    private void RemoveCaller(long caller)
    {
        if (!_callers.Remove(caller))
            return;
        executor.Tell(new CallerRelay.RelayedCallerGone(caller));
        _window.AddMessage(0);
    }

    private static long ReadNumber(FrameReader reader)
    {
        var number = reader.ReadInt64();
        reader.RequireEnd();
        return number;
    }

    /// <summary>Forwards receipts to the objects. Also called after the process has ended.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool ForwardReceipts()
    {
        lock (_forwarding)
        {
            if (_isClosed)
                return false;
            var taken = receipts.TakeReceipts();
            foreach (var receipt in taken)
            {
                objects.Tell(receipt, executor);
                _window.AddMessage(0);
            }

            return taken.Count > 0;
        }
    }

    private NodeProtocol.JobsDone ReadDone(FrameReader reader)
    {
        _progress.SendLast();
        var (outcomes, busy) = jobs.ReadDone(reader);
        spans.EndRuns(outcomes, busy);
        return reports.AddDone(_isRemote ? [.. outcomes.Select(WireLimits.LimitSize)] : outcomes, busy);
    }

    private void AddProgress(FrameReader reader)
    {
        var (job, value) = jobs.ReadProgress(reader);
        _progress.AddValue(job, value);
    }

    private ExecutorActor.ResultInFile ReadDoneStored(FrameReader reader)
    {
        if (!hasFiles)
            throw new InvalidDataException("The worker reports a result in a file, but its results are sent in messages.");
        _progress.SendLast();
        var (job, busy) = jobs.ReadDoneStored(reader);
        spans.EndRun(job, busy);
        return new ExecutorActor.ResultInFile(job, busy);
    }

    private void ForwardCall(ObjectCall call)
    {
        if (call.TimeoutMilliseconds < Timeout.Infinite)
            throw new InvalidDataException($"The worker calls a managed object with a timeout of {call.TimeoutMilliseconds} ms.");
        if (_isRemote && WireLimits.SizeOf(call.Payloads) is > WireLimits.LargestPayload and var size)
            AnswerCaller(new ObjectReply(call.Call, ObjectStatus.TooLarge, size, []));
        else
            ForwardToObject(call);
    }

    /// <summary>Sends a message to its object. The sender is the executor, or the worker behind it that the previous frame named.</summary>
    private void ForwardToObject(IWireMessage message)
    {
        _window.AddMessage(message is ObjectCall call ? WireLimits.SizeOf(call.Payloads) : 0);
        if (_caller == 0)
            objects.Tell(message, executor);
        else
            executor.Tell(new CallerRelay.RelayedCall(_caller, message));
        _caller = 0;
    }

    private void AnswerCaller(ObjectReply reply)
    {
        _window.AddMessage(0);
        if (_caller == 0)
            executor.Tell(reply, executor);
        else
            executor.Tell(new CallerRelay.RelayedReply(_caller, reply), executor);
        _caller = 0;
    }

    private void ReturnJobs(FrameReader reader)
    {
        var returned = jobs.ReadReturned(reader);
        spans.DropRuns(returned);
        pool.Tell(reports.AddReturned(returned), executor);
        Interlocked.Increment(ref _answeredRevocations);
    }

    private ExecutorActor.HeldByProcess ReadHeld(FrameReader reader)
    {
        if (Interlocked.Decrement(ref _unanswered) < 0)
            throw new InvalidDataException("The worker reports its jobs without a request.");
        var (last, held) = jobs.ReadHeld(reader, Interlocked.Read(ref _asked));
        return new ExecutorActor.HeldByProcess(last, held);
    }

    private static ObjectReplyReceived ReadReceived(Frame frame)
    {
        var (target, call) = ObjectFrames.ReadCallNumber(frame.CreateReader());
        return new ObjectReplyReceived(target, call);
    }

    private static ObjectCallAbandoned ReadAbandoned(Frame frame)
    {
        var (target, call) = ObjectFrames.ReadCallNumber(frame.CreateReader());
        return new ObjectCallAbandoned(target, call);
    }
}
