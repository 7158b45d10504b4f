using System.Diagnostics;
using Actors.Executor.Functions;
using Actors.Executor.Link;
using Actors.Executor.Objects;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;

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
    private long _inProgress;
    private long _replyTo;
    private volatile bool _stopping;

    public JobRunner(NodeLink link, ExecutorProgress progress, OuterObjects outer)
    {
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
        var (status, failure) = Call(job);
        Volatile.Write(ref _inProgress, 0);
        _cancellation.JobEnded();
        _progress.End(job.Id);
        _results.Add(job.Id, status, _payload, failure, began, Stopwatch.GetTimestamp());
        // What user code still holds would fail the jobs after this one.
        if (status == JobStatus.MemoryExceeded)
            _stopping = true;
    }

    private (JobStatus Status, FailureInfo? Failure) Call(QueuedJob job)
    {
        var token = _cancellation.JobBegins(job.Id);
        FunctionInvoker? invoker = null;
        try
        {
            invoker = _functions.Get(job.Function);
            invoker.Invoke(job.Arguments, token, _payload);
            return (JobStatus.Succeeded, null);
        }
        catch (Exception exception) when (MemoryLimit.IsExceededBy(exception))
        {
            _payload.Clear();
            return (JobStatus.MemoryExceeded, MemoryLimit.Failure());
        }
        catch (Exception exception)
        {
            // Every exception of user code is its caller's, whatever its type.
            _payload.Clear();
            return (StatusOf(exception, invoker), FailureConverter.ToFailure(exception));
        }
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
            case FrameKind.Define: _functions.Define(frame); break;
            case FrameKind.Caller: _replyTo = frame.Read().ReadInt64(); break;
            case FrameKind.ObjectReply: Complete(ObjectFrames.ReadReply(frame.Read())); break;
            case FrameKind.Cancel: _cancellation.Request(frame.Read().ReadInt64()); break;
            case FrameKind.Recall: HandBack(); break;
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
}
