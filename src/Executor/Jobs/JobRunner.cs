using System.Buffers;
using System.Diagnostics;
using Actors.Executor.Functions;
using Actors.Executor.Link;
using Actors.Executor.Objects;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Payloads;
using Actors.Messages.Storage;

namespace Actors.Executor.Jobs;

/// <summary>The main thread's work: take a job, call its function, hold its outcome for the node; wait for more.</summary>
internal sealed class JobRunner
{
    private readonly NodeLink _link;
    private readonly FunctionTable _functions = new();
    private readonly ExecutorProgress _progress;
    private readonly OuterObjects _outer;
    private readonly JobQueue _queue = new();
    private readonly ResultBuffer _results;
    private readonly JobCancellation _cancellation = new();
    private readonly StandInReader _standIn;
    private readonly FrameWriter _payload = new();
    private readonly string _payloadDirectory;
    private readonly ResultWriter? _large;
    private long _inProgress;
    private long _replyTo;
    private volatile bool _stopping;

    /// <param name="link">The node.</param>
    /// <param name="progress">Where it is noted what runs.</param>
    /// <param name="outer">The objects that are reached through the node.</param>
    /// <param name="payloadDirectory">Where large arguments and results lie; empty where all go over the socket.</param>
    public JobRunner(NodeLink link, ExecutorProgress progress, OuterObjects outer, string payloadDirectory)
    {
        _payloadDirectory = payloadDirectory;
        _large = payloadDirectory.Length > 0 ? new ResultWriter(_payload, payloadDirectory) : null;
        _outer = outer;
        _link = link;
        _progress = progress;
        _results = new ResultBuffer(link);
        _link.OnFrame = Receive;
        _standIn = new StandInReader(link, progress.Receipts, () => Volatile.Read(ref _inProgress));
    }

    /// <summary>Runs jobs until the node says stop.</summary>
    public void Run()
    {
        while (!_stopping)
        {
            if (_queue.TryBegin(_progress, out var job))
            {
                RunJob(job);
                continue;
            }

            _link.Flush();
            _link.ReadUntil(() => !_queue.IsEmpty || _stopping);
        }

        HandBack();
    }

    private void RunJob(QueuedJob job)
    {
        var began = Stopwatch.GetTimestamp();
        Volatile.Write(ref _inProgress, job.Id);
        _standIn.JobBegins();
        _payload.Clear();
        _large?.Begin(job.Id);
        AttachedMemory.BeginJob();
        var (status, failure) = Call(job);
        AttachedMemory.EndJob();
        Volatile.Write(ref _inProgress, 0);
        _cancellation.JobEnded();
        if (status != JobStatus.MemoryExceeded)
            _progress.End(job.Id);
        var ended = Stopwatch.GetTimestamp();
        if (_large is { IsInFile: true })
            _results.AddStored(job.Id, ended - began);
        else
            _results.Add(job.Id, status, _payload, failure, began, ended);
        _queue.Release();
        if (status == JobStatus.MemoryExceeded)
            StopAfter(job);
    }

    /// <summary>
    /// What user code still holds would fail the jobs after this one. The node, which looks at the memory too, may kill the process any moment:
    /// until the outcome is on its way that is this job's, which would else run once more.
    /// </summary>
    private void StopAfter(QueuedJob job)
    {
        _link.Flush();
        _progress.End(job.Id);
        _stopping = true;
    }

    private (JobStatus Status, FailureInfo? Failure) Call(QueuedJob job)
    {
        var token = _cancellation.JobBegins(job.Id);
        FunctionInvoker? invoker = null;
        try
        {
            invoker = _functions.Get(job.Function);
            invoker.Progress = _progress;
            Invoke(invoker, job, token);
            return (JobStatus.Succeeded, null);
        }
        catch (Exception exception) when (MemoryLimit.IsExceededBy(exception))
        {
            Discard();
            return (JobStatus.MemoryExceeded, MemoryLimit.Failure());
        }
        catch (Exception exception)
        {
            // Every exception of user code is its caller's, whatever its type.
            Discard();
            return (StatusOf(exception, invoker), FailedItem.AddTo(FailureConverter.ToFailure(exception), invoker?.RunningItem ?? 0));
        }
    }

    private void Invoke(FunctionInvoker invoker, QueuedJob job, CancellationToken token)
    {
        IBufferWriter<byte> result = _large is null ? _payload : _large;
        try
        {
            Invoke(invoker, job, result, token);
        }
        catch (NotCarriedException) when (invoker.HasRest)
        {
            // One item's result that cannot travel is no reason to lose those of its chunk.
            Discard();
            invoker.WriteRest(result);
        }

        _large?.End();
    }

    private void Invoke(FunctionInvoker invoker, QueuedJob job, IBufferWriter<byte> result, CancellationToken token)
    {
        if (job.IsStored)
        {
            // While the function runs, its arguments are there once, as it got them.
            using IDisposable stored = Open(job, out var arguments);
            invoker.Invoke(arguments, token, result, () =>
            {
                stored.Dispose();
                AttachedMemory.BeginFunction();
            });
        }
        else
        {
            invoker.Invoke(job.Arguments, token, result, AttachedMemory.BeginFunction);
        }
    }

    private MappedPayload Open(QueuedJob job, out ReadOnlyMemory<byte> arguments)
    {
        var stored = MappedPayload.Open(PayloadNames.Arguments(_payloadDirectory, job.Id));
        arguments = stored.Memory;
        return stored;
    }

    private void Discard()
    {
        _payload.Clear();
        _large?.Discard();
    }

    private JobStatus StatusOf(Exception exception, FunctionInvoker? invoker)
    {
        if (invoker is not { Stage: CallStage.Running })
            return JobStatus.Refused;
        return exception is OperationCanceledException && _cancellation.IsRequested ? JobStatus.Cancelled : JobStatus.Threw;
    }

    private void Receive(Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Run: _queue.Add(frame); break;
            case FrameKind.RunStored: _queue.AddStored(frame); break;
            case FrameKind.Define: _functions.Define(frame); break;
            case FrameKind.Caller: _replyTo = frame.Read().ReadInt64(); break;
            case FrameKind.ObjectReply: Complete(ObjectFrames.ReadReply(frame.Read())); break;
            case FrameKind.Cancel: _cancellation.Request(frame.Read().ReadInt64()); break;
            case FrameKind.Recall: HandBack(); break;
            case FrameKind.Compare: TellHeld(frame.Read().ReadInt64()); break;
            case FrameKind.Stop: _stopping = true; break;
            default: throw new InvalidDataException($"The node sent {frame.Kind}, which an executor does not take.");
        }
    }

    private void Complete(ObjectReply reply)
    {
        if (_replyTo == 0)
            PendingObjectCalls.Complete(reply, _link, _progress.Receipts);
        else
            _outer.Complete(_replyTo, reply);
        _replyTo = 0;
    }

    private void HandBack()
    {
        var jobs = _queue.TakeAll();
        _link.Send(FrameKind.HandedBack, writer =>
        {
            writer.WriteInt32(jobs.Length);
            foreach (var job in jobs)
                writer.WriteInt64(job);
        });
    }

    /// <summary>A job that is not among them has ended, and its outcome goes before this; or it never came.</summary>
    private void TellHeld(long position)
    {
        var jobs = _queue.Held();
        _link.Send(FrameKind.Held, writer =>
        {
            writer.WriteInt64(position);
            writer.WriteInt32(jobs.Length);
            foreach (var job in jobs)
                writer.WriteInt64(job);
        });
    }
}
