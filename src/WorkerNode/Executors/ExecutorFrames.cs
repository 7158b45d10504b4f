using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
internal sealed class ExecutorFrames(
    OutcomeLog reports, IActorRef executor, IActorRef pool, IActorRef objects, JobDeadlines deadlines, ReceiptRing receipts)
{
    private readonly Lock _takingReceipts = new();
    private long _caller;
    private long _recallsAnswered;
    private readonly bool _isRemote = !pool.Path.Address.HasLocalScope;

    private const int SmallestOutcome = sizeof(long) + 2 + sizeof(int);

    /// <summary>How often the executor has handed back what it had not begun.</summary>
    public long RecallsAnswered => Interlocked.Read(ref _recallsAnswered);

    public void Take(Frame frame)
    {
        // What the executor had in hand as it sent the frame.
        PassReceipts();
        switch (frame.Kind)
        {
            case FrameKind.Done: pool.Tell(ReadDone(frame.Read()), executor); break;
            case FrameKind.DoneStored: executor.Tell(ReadDoneStored(frame.Read())); break;
            case FrameKind.ObjectCall: Call(ObjectFrames.ReadCall(frame.Read())); break;
            case FrameKind.ObjectReceived: Pass(ReadReceived(frame)); break;
            case FrameKind.ReceiptsWait: break;
            case FrameKind.ObjectCallAbandoned: Pass(ReadAbandoned(frame)); break;
            case FrameKind.Caller: _caller = frame.Read().ReadInt64(); break;
            case FrameKind.CallerGone: executor.Tell(new ExecutorActor.RelayedCallerGone(frame.Read().ReadInt64())); break;
            case FrameKind.HandedBack: HandBack(frame.Read()); break;
            case FrameKind.Held: executor.Tell(ReadHeld(frame.Read())); break;
            case FrameKind.Ready: executor.Tell(ExecutorActor.Ready.Instance); break;
            case FrameKind.InitializerFailed: executor.Tell(new ExecutorActor.InitializerFailed(frame.Read().ReadFailure())); break;
            default: throw new InvalidDataException($"The executor sent {frame.Kind}, which a node does not take.");
        }
    }

    /// <summary>Tells the objects what has been received. Also when the process has ended.</summary>
    public void PassReceipts()
    {
        lock (_takingReceipts)
        {
            while (receipts.TryTake(out var receipt))
                objects.Tell(receipt, executor);
        }
    }

    private NodeProtocol.Done ReadDone(FrameReader reader)
    {
        var busy = reader.ReadInt64();
        var outcomes = new JobOutcome[reader.ReadCount(SmallestOutcome)];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var job = reader.ReadInt64();
            deadlines.Remove(job);
            var status = (JobStatus)reader.ReadByte();
            var failure = reader.ReadFailure();
            var outcome = new JobOutcome(new JobId(job), status, reader.ReadBytes(), failure, 1);
            outcomes[i] = _isRemote ? WireLimits.Limited(outcome) : outcome;
        }

        return reports.AddDone(ImmutableCollectionsMarshal.AsImmutableArray(outcomes), busy);
    }

    private ExecutorActor.ResultInFile ReadDoneStored(FrameReader reader)
    {
        var busy = reader.ReadInt64();
        var job = reader.ReadInt64();
        deadlines.Remove(job);
        return new ExecutorActor.ResultInFile(new JobId(job), busy);
    }

    private void Call(ObjectCall call)
    {
        if (_isRemote && WireLimits.SizeOf(call.Payloads) is > WireLimits.LargestPayload and var size)
            Answer(new ObjectReply(call.Call, ObjectStatus.TooLarge, size, []));
        else
            Pass(call);
    }

    /// <summary>To the object, in the name of the executor, or of the worker of its own that the frame before named.</summary>
    private void Pass(IWireMessage message)
    {
        if (_caller == 0)
            objects.Tell(message, executor);
        else
            executor.Tell(new ExecutorActor.Relayed(_caller, message));
        _caller = 0;
    }

    private void Answer(ObjectReply reply)
    {
        if (_caller == 0)
            executor.Tell(reply, executor);
        else
            executor.Tell(new ExecutorActor.RelayedReply(_caller, reply), executor);
        _caller = 0;
    }

    private void HandBack(FrameReader reader)
    {
        pool.Tell(ReadHandedBack(reader), executor);
        Interlocked.Increment(ref _recallsAnswered);
    }

    private NodeProtocol.HandedBack ReadHandedBack(FrameReader reader)
    {
        var jobs = ImmutableArray.CreateBuilder<JobId>(reader.ReadCount(sizeof(long)));
        for (var i = 0; i < jobs.Capacity; i++)
        {
            var job = new JobId(reader.ReadInt64());
            deadlines.Remove(job.Value);
            jobs.Add(job);
        }

        return reports.AddReturned(jobs.MoveToImmutable());
    }

    private static ExecutorActor.HeldByProcess ReadHeld(FrameReader reader)
    {
        var last = reader.ReadInt64();
        var jobs = ImmutableArray.CreateBuilder<JobId>(reader.ReadCount(sizeof(long)));
        for (var i = 0; i < jobs.Capacity; i++)
            jobs.Add(new JobId(reader.ReadInt64()));
        return new ExecutorActor.HeldByProcess(last, jobs.MoveToImmutable());
    }

    private static ObjectReceived ReadReceived(Frame frame)
    {
        var (target, call) = ObjectFrames.ReadCallNumber(frame.Read());
        return new ObjectReceived(target, call);
    }

    private static ObjectCallAbandoned ReadAbandoned(Frame frame)
    {
        var (target, call) = ObjectFrames.ReadCallNumber(frame.Read());
        return new ObjectCallAbandoned(target, call);
    }
}
