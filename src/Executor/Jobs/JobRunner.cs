using System.Buffers;
using System.Diagnostics;
using Actors.Executor.Functions;
using Actors.Executor.Link;
using Actors.Executor.Objects;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Payloads;
using Actors.Messages.Storage;

namespace Actors.Executor.Jobs;

/// <summary>
/// Runs jobs on the main thread: removes a job from the queue, calls its function, buffers its outcome, and waits for more jobs.
/// </summary>
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
    private readonly JobSite _site;
    private readonly string _payloadDirectory;
    private readonly ResultWriter? _large;
    private long _inProgress;
    private long _replyTo;
    private volatile bool _stopping;

    /// <param name="link">The connection to the node.</param>
    /// <param name="progress">Records the running job.</param>
    /// <param name="outer">The managed objects that are reached through the node.</param>
    /// <param name="site">The pool and the node of this worker.</param>
    /// <param name="payloadDirectory">The directory of large arguments and results; empty if all of them are sent over the socket.</param>
    public JobRunner(NodeLink link, ExecutorProgress progress, OuterObjects outer, JobSite site, string payloadDirectory)
    {
        _site = site;
        _payloadDirectory = SharedContents.Directory = payloadDirectory;
        _large = payloadDirectory.Length > 0 ? new ResultWriter(_payload, payloadDirectory) : null;
        _outer = outer;
        _link = link;
        _progress = progress;
        _results = new ResultBuffer(link);
        _link.OnFrame = ProcessFrame;
        _standIn = new StandInReader(link, progress.Receipts, () => Volatile.Read(ref _inProgress));
    }

    /// <summary>Runs jobs until the node stops the executor.</summary>
    public void RunUntilStopped()
    {
        while (!_stopping)
        {
            if (_queue.TryBegin(_progress, out var job, out var began))
            {
                RunJob(job, began);
                continue;
            }

            JobContext.SetCurrent(null);
            _link.FlushHeld();
            _link.ReadUntil(() => !_queue.IsEmpty || _stopping);
        }

        JobContext.SetCurrent(null);
        ReturnJobs();
    }

    private void RunJob(QueuedJob job, long began)
    {
        Volatile.Write(ref _inProgress, job.Id);
        _standIn.OnJobBegun();
        _payload.ClearFrames();
        _large?.BeginResult(job.Id);
        AttachedMemory.BeginJob();
        var (status, failure) = job.Trace is { } trace ? trace.CallInSpan(job, CallWithHook) : CallWithHook(job);
        AttachedMemory.EndJob();
        Volatile.Write(ref _inProgress, 0);
        _cancellation.EndJob();
        // Without an outcome and an end of the job, the node reports at the exit that the job was running. The pool runs it elsewhere.
        if (status == JobStatus.Canceled && _cancellation.Reason == JobCancellationReason.Drain)
        {
            _stopping = true;
            return;
        }

        if (status != JobStatus.MemoryExceeded)
            _progress.EndJob(job.Id);
        var hook = IJobHook.Current;
        if (hook is not null && hook.LosesResult(job.Id))
        {
            _queue.ReleaseJob();
            return;
        }

        var ended = Stopwatch.GetTimestamp();
        if (_large is { IsInFile: true })
            _results.AddStoredResult(job.Id, ended - began);
        else
            _results.AddOutcome(job.Id, status, _payload, failure, began, ended);
        _queue.ReleaseJob();
        if (status == JobStatus.MemoryExceeded)
            StopAfter(job);
        hook?.AfterResult(job.Id, _link.FlushHeld);
    }

    /// <summary>
    /// Ends the executor after a job that exceeded the memory limit. Memory that user code still holds would fail the next jobs. The node
    /// checks the memory as well and may kill the process at any time. Until the outcome is sent, a kill counts against this job, which
    /// would otherwise run again.
    /// </summary>
    private void StopAfter(QueuedJob job)
    {
        _link.FlushHeld();
        _progress.EndJob(job.Id);
        _stopping = true;
    }

    private (JobStatus Status, FailureInfo? Failure) CallWithHook(QueuedJob job)
    {
        if (IJobHook.Current is not { } hook)
            return CallFunction(job);
        try
        {
            if (hook.BeforeCall(job.Id))
            {
                CallFunction(job);
                DiscardResult();
            }

            var end = CallFunction(job);
            hook.AfterCall(job.Id);
            return end;
        }
        catch (InjectedFailureException injected)
        {
            DiscardResult();
            return (JobStatus.Threw, injected.Failure);
        }
    }

    private (JobStatus Status, FailureInfo? Failure) CallFunction(QueuedJob job)
    {
        var cancellation = _cancellation.BeginJob(job.Id);
        FunctionInvoker? invoker = null;
        try
        {
            invoker = _functions.GetInvoker(job.Function);
            invoker.Progress = _progress;
            invoker.Context = invoker.IsJob ? new JobContext(new JobId(job.Id), job.Details, _site, invoker.Method, cancellation) : null;
            JobContext.SetCurrent(invoker.Context);
            InvokeFunction(invoker, job, cancellation.Token);
            return EndScope(invoker) is { } failure ? (JobStatus.Threw, failure) : (JobStatus.Succeeded, null);
        }
        catch (Exception exception) when (MemoryLimit.IsExceededBy(exception))
        {
            DiscardResult();
            return (JobStatus.MemoryExceeded, MemoryLimit.CreateFailure());
        }
        catch (Exception exception)
        {
            // The caller gets every exception of user code.
            DiscardResult();
            return CallFailure.ToOutcome(exception, invoker, _cancellation.Reason);
        }
        finally
        {
            EndScope(invoker);
            invoker?.Context?.EndProgress();
        }
    }

    /// <summary>Disposes the services of the job.</summary>
    /// <returns>The exception of a service, which replaces the result of the job; null for none.</returns>
    private FailureInfo? EndScope(FunctionInvoker? invoker)
    {
        try
        {
            invoker?.Context?.EndScope();
            return null;
        }
        catch (Exception exception)
        {
            DiscardResult();
            return FailureConverter.ToFailure(exception);
        }
    }

    private void InvokeFunction(FunctionInvoker invoker, QueuedJob job, CancellationToken token)
    {
        IBufferWriter<byte> result = _large is null ? _payload : _large;
        try
        {
            InvokeFunction(invoker, job, result, token);
        }
        catch (NotCarriedException) when (invoker.HasUnwrittenResults)
        {
            // An item whose result cannot be serialized must not lose the results of the other items.
            DiscardResult();
            invoker.WriteRemainingResults(result);
        }

        _large?.EndResult();
    }

    private void InvokeFunction(FunctionInvoker invoker, QueuedJob job, IBufferWriter<byte> result, CancellationToken token)
    {
        if (job.IsStored)
        {
            // While the function runs, only its own copy of the arguments exists.
            using IDisposable stored = OpenArguments(job, out var arguments);
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

    private MappedPayload OpenArguments(QueuedJob job, out ReadOnlyMemory<byte> arguments)
    {
        var stored = MappedPayload.OpenFile(PayloadPaths.GetArgumentsPath(_payloadDirectory, job.Id));
        arguments = stored.Memory;
        EarlierArguments.FreeMemory(arguments.Length);
        return stored;
    }

    private void DiscardResult()
    {
        _payload.ClearFrames();
        _large?.DiscardResult();
    }

    private void ProcessFrame(Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Run: _queue.AddJobs(frame); break;
            case FrameKind.RunStored: _queue.AddStoredJob(frame); break;
            case FrameKind.Trace: _queue.AddTrace(frame); break;
            case FrameKind.Define: _functions.AddDefinition(frame); break;
            case FrameKind.Caller: _replyTo = frame.CreateReader().ReadInt64(); break;
            case FrameKind.ObjectReply: CompleteCall(ObjectFrames.ReadReply(frame.CreateReader())); break;
            case FrameKind.Cancel: _cancellation.ReadRequest(frame.CreateReader()); break;
            case FrameKind.Revoke: ReturnJobs(); break;
            case FrameKind.Compare: SendHeldJobs(frame.CreateReader().ReadInt64()); break;
            case FrameKind.DropShared: SharedContents.RemoveContent(new PayloadId(frame.CreateReader().ReadGuid())); break;
            case FrameKind.Stop: _stopping = true; break;
            default: throw new InvalidDataException($"The node sent {frame.Kind}, which an executor does not accept.");
        }
    }

    /// <summary>
    /// Lets the running job end after the node, which is the client itself, has ended: cancels the job, and waits for its end.
    /// </summary>
    /// <param name="grace">The longest time.</param>
    public void EndWithClient(TimeSpan grace)
    {
        _stopping = true;
        _cancellation.CancelAll(JobCancellationReason.ClientDisconnected);
        SpinWait.SpinUntil(() => Volatile.Read(ref _inProgress) == 0, grace);
    }

    private void CompleteCall(ObjectReply reply)
    {
        if (_replyTo == 0)
            PendingObjectCalls.CompleteCall(reply, _link, _progress.Receipts);
        else
            _outer.CompleteCall(_replyTo, reply);
        _replyTo = 0;
    }

    private void ReturnJobs()
    {
        var jobs = _queue.RemoveWaiting();
        _link.SendFrame(FrameKind.Returned, writer => JobQueue.WriteJobs(writer, jobs));
    }

    /// <summary>
    /// Sends the jobs that the executor holds. Any other job has ended and its outcome was sent before, or it never arrived.
    /// </summary>
    private void SendHeldJobs(long position)
    {
        var jobs = _queue.ListHeld();
        _link.SendFrame(FrameKind.Held, writer =>
        {
            writer.WriteInt64(position);
            JobQueue.WriteJobs(writer, jobs);
        });
    }
}
