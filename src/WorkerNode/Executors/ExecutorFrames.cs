using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Turns what an executor sends into messages, on the receiving thread: outcomes go to the pool and calls to their objects without a
/// stop at the executor's actor, which is named as their sender.
/// </summary>
/// <param name="reports">Keeps reports until the pool has them.</param>
/// <param name="executor">The executor's actor.</param>
/// <param name="pool">The pool.</param>
/// <param name="objects">Takes calls on managed objects.</param>
/// <param name="jobs">Reads what is reported of jobs.</param>
/// <param name="hasFiles">Whether large results are in files.</param>
/// <param name="receipts">The answers of managed objects that the process has.</param>
internal sealed class ExecutorFrames(
    ReportLog reports, IActorRef executor, IActorRef pool, IActorRef objects, WorkerReports jobs, bool hasFiles, ReceiptRing receipts)
{
    /// <summary>A worker that starts workers of its own starts some hundreds at most; each is an actor here.</summary>
    private const int MaxCallers = 4096;

    private readonly HashSet<long> _callers = [];
    private readonly Lock _forwarding = new();
    private long _caller;
    private long _answeredRevocations;
    private long _asked;
    private bool _isReady;
    private readonly bool _isRemote = !pool.Path.Address.HasLocalScope;

    /// <summary>How often the executor has handed back what it had not begun.</summary>
    public long AnsweredRevocations => Interlocked.Read(ref _answeredRevocations);

    /// <summary>The process is about to be asked what it holds up to this position.</summary>
    public void SetAskedPosition(long position) => Interlocked.Exchange(ref _asked, position);

    /// <summary>Passes a frame on.</summary>
    /// <exception cref="InvalidDataException">No worker of this library sends such a frame.</exception>
    public void ProcessFrame(Frame frame)
    {
        // What the executor had in hand as it sent the frame.
        ForwardReceipts();
        switch (frame.Kind)
        {
            case FrameKind.Done: pool.Tell(ReadDone(frame.CreateReader()), executor); break;
            case FrameKind.DoneStored: executor.Tell(ReadDoneStored(frame.CreateReader())); break;
            case FrameKind.ObjectCall: ForwardCall(ObjectFrames.ReadCall(frame.CreateReader())); break;
            case FrameKind.ObjectReplyReceived: ForwardToObject(ReadReceived(frame)); break;
            case FrameKind.ReceiptsPending: frame.CreateReader().RequireEnd(); break;
            case FrameKind.ObjectCallAbandoned: ForwardToObject(ReadAbandoned(frame)); break;
            case FrameKind.Caller: _caller = ReadCaller(frame.CreateReader()); break;
            case FrameKind.CallerEnded: RemoveCaller(ReadNumber(frame.CreateReader())); break;
            case FrameKind.Returned: ReturnJobs(frame.CreateReader()); break;
            case FrameKind.Held: executor.Tell(ReadHeld(frame.CreateReader())); break;
            case FrameKind.Ready: OnReady(frame.CreateReader()); break;
            case FrameKind.InitializerFailed: executor.Tell(new ExecutorActor.InitializerFailed(ReadInitializerFailure(frame.CreateReader()))); break;
            default: throw new InvalidDataException($"The executor sent {frame.Kind}, which a node does not take.");
        }
    }

    private void OnReady(FrameReader reader)
    {
        reader.RequireEnd();
        _isReady = true;
        executor.Tell(ExecutorActor.InitializerSucceeded.Instance);
    }

    /// <summary>A pool ends when an initializer throws: a job cannot say so.</summary>
    private FailureInfo ReadInitializerFailure(FrameReader reader)
    {
        var failure = reader.ReadFailure() ?? throw new InvalidDataException("The worker reports a failure of its initializer without the failure.");
        reader.RequireEnd();
        return _isReady ? throw new InvalidDataException("The worker reports a failure of its initializer after it was ready.") : failure;
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
        if (_callers.Remove(caller))
            executor.Tell(new ExecutorActor.RelayedCallerGone(caller));
    }

    private static long ReadNumber(FrameReader reader)
    {
        var number = reader.ReadInt64();
        reader.RequireEnd();
        return number;
    }

    /// <summary>Tells the objects what has been received. Also when the process has ended.</summary>
    public void ForwardReceipts()
    {
        lock (_forwarding)
        {
            while (receipts.TryTake(out var receipt))
                objects.Tell(receipt, executor);
        }
    }

    private NodeProtocol.JobsDone ReadDone(FrameReader reader)
    {
        var (outcomes, busy) = jobs.ReadDone(reader);
        return reports.AddDone(_isRemote ? [.. outcomes.Select(WireLimits.LimitSize)] : outcomes, busy);
    }

    private ExecutorActor.ResultInFile ReadDoneStored(FrameReader reader)
    {
        if (!hasFiles)
            throw new InvalidDataException("The worker reports a result in a file; its results travel in messages.");
        var (job, busy) = jobs.ReadDoneStored(reader);
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

    /// <summary>To the object, in the name of the executor, or of the worker of its own that the frame before named.</summary>
    private void ForwardToObject(IWireMessage message)
    {
        if (_caller == 0)
            objects.Tell(message, executor);
        else
            executor.Tell(new ExecutorActor.RelayedCall(_caller, message));
        _caller = 0;
    }

    private void AnswerCaller(ObjectReply reply)
    {
        if (_caller == 0)
            executor.Tell(reply, executor);
        else
            executor.Tell(new ExecutorActor.RelayedReply(_caller, reply), executor);
        _caller = 0;
    }

    private void ReturnJobs(FrameReader reader)
    {
        pool.Tell(reports.AddReturned(jobs.ReadReturned(reader)), executor);
        Interlocked.Increment(ref _answeredRevocations);
    }

    private ExecutorActor.HeldByProcess ReadHeld(FrameReader reader)
    {
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
