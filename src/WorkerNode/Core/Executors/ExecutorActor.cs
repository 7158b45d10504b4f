using System.Diagnostics;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Telemetry;
using Actors.Remoting.Access;
using Actors.WorkerNode.Chaos;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Represents an executor process: starts it, forwards jobs and outcomes, kills it if a job or the process exceeds its limits, and stops
/// after it has ended. Watching this actor means watching the process. The pool decides which jobs run; this actor knows only the limits of
/// the jobs.
/// </summary>
public sealed partial class ExecutorActor : PeerActor, IWithTimers
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The interval at which the executor reports its start until the pool has sent a message.</summary>
    private static readonly TimeSpan ReportStartInterval = TimeSpan.FromSeconds(1);

    private readonly ExecutorId _id;
    private readonly ExecutorSetup _setup;
    private readonly ExecutorFiles _files;
    private readonly FunctionNumbers _functions = new();
    private readonly JobDeadlines _deadlines;
    private readonly AssignedJobs _assigned = new();
    private readonly ArrivedJobs _arrived = new();
    private readonly RunClock _runClock = new();
    private readonly ExecutorLifecycle _lifecycle = new();
    private readonly ReportLog _reports;
    private readonly RunSpans _spans;
    private readonly JobTransfers _transfers;
    private readonly CallerRelay _relay;
    private readonly ProgressFile _progress;

    // The process starts and connects on its own, so each of these may be known before the other.
    private StartingProcess? _starting;
    private RunningProcess? _process;
    private ProcessLink? _link;

    /// <param name="setup">The settings of all executors of the pool on this node.</param>
    /// <param name="files">The files of this executor, which this actor removes.</param>
    public ExecutorActor(ExecutorSetup setup, ExecutorFiles files)
    {
        (_setup, _files, _id, _progress) = (setup, files, files.Id, files.Progress);
        _deadlines = new JobDeadlines(setup.Spec.GetGrace(CancellationTriggers.Timeout));
        _reports = new ReportLog(_id);
        _spans = new RunSpans(ActorsTelemetry.GetPoolName(setup.Spec), isOnCluster: !setup.Pool.Path.Address.HasLocalScope);
        _transfers = new JobTransfers(setup, _id, files.PayloadDirectory);
        _relay = new CallerRelay(Context, setup.Objects);

        ReceiveLifecycle();
        ReceiveJobs();
        ReceiveLimits();
        Receive<ObjectReply>(reply => _link?.Connection.SendReply(writer => ObjectFrames.WriteMessage(writer, reply)));
        Receive<WindowMarker>(marker => _setup.Objects.Tell(new Identify(marker.Number), Self));
        Receive<ActorIdentity>(identity => _link?.Frames.OnHandled(identity.MessageId is long marker ? marker : 0));
        Receive<CallerRelay.RelayedCall>(_relay.RelayCall);
        Receive<CallerRelay.RelayedReply>(reply => CallerRelay.RelayReply(reply, _link?.Connection));
        Receive<CallerRelay.RelayedCallerGone>(gone => _relay.RemoveCaller(gone.Caller));
        Receive<NodeProtocol.ExecutorOutputReceived>(received => _process?.AcknowledgeBlock(received.IsError));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>
    /// The pool sends jobs, the parent retires the executor, and managed objects answer from the coordinator. The actor itself answers
    /// calls that are too large for a message.
    /// </summary>
    protected override bool IsAllowed(IWireMessage message) => message is ObjectReply
        ? Sender.IsInProcessOf(_setup.Objects) || Sender.Equals(Self)
        : Sender.Equals(_setup.Pool) || (message is NodeProtocol.RetireExecutor && Sender.Equals(Context.Parent));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.Watch(_setup.Pool);
        ReportStart();
        Timers.StartPeriodicTimer(nameof(ReportStartDue), ReportStartDue.Instance, ReportStartInterval);
        Timers.StartSingleTimer(nameof(StartTimedOut), StartTimedOut.Instance, StartTimeout);
        StartProcess();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _starting?.RevokeToken();
        EndLostRun();
        if (_process is { } process)
            Context.System.EventStream.Publish(new WorkerProcessChanged(process.Id, IsRunning: false));
        _process?.Kill();
        _link?.Dispose();
        _process?.Dispose();
        _transfers.CancelAll();
        _files.Dispose();
    }

    private void EndLostRun()
    {
        if (IsBusy)
            _spans.EndLostRun(new JobId(_progress.LastBegun), Stopwatch.GetElapsedTime(_progress.BegunAt), _lifecycle.Reason);
    }

    private void StartProcess()
    {
        _starting = _setup.StartProcess();
        _starting.Process.PipeTo(
            Self, success: process => new ProcessStarted(process), failure: exception => new ProcessNotStarted(exception));
        _starting.Connected.PipeTo(Self, success: accepted => new ExecutorConnected(accepted));
        _starting.Exited.PipeTo(Self, success: () => EndClosed.Instance);
    }

    private void WatchProcess(ChildProcess process)
    {
        var self = Self;
        _process = new RunningProcess(
            process, (isError, text) => SendOutput(self, isError, text), onStreamEnded: () => self.Tell(EndClosed.Instance));
        if (_setup.Spec is { MemoryLimitBytes: > 0 } or { RecycleAboveBytes: > 0 })
            Timers.StartPeriodicTimer(nameof(CheckMemory), CheckMemory.Instance, TimeSpan.FromMilliseconds(100));
        Context.System.EventStream.Publish(new WorkerProcessChanged(process.Id, IsRunning: true));
        UpdateLifecycle(lifecycle => lifecycle.OnStarted());
    }

    private void SendOutput(IActorRef self, bool isError, ReadOnlyMemory<byte> text) =>
        _setup.Pool.Tell(new NodeProtocol.ExecutorOutput(_id, isError, text), self);

    private void SendWelcome(ExecutorConnected connected)
    {
        var self = Self;
        _lifecycle.OnConnected();
        var connection = new ExecutorConnection(connected.Executor, limitsReplies: !_setup.Objects.IsLocal());
        var jobs = new WorkerReports(_assigned, _deadlines);
        var hasFiles = _files.PayloadDirectory.Length > 0;
        var frames = new ExecutorFrames(
            _reports, self, _setup.Pool, _setup.Objects, jobs, _spans, hasFiles, _progress.Receipts, TimeProvider.System);
        _link = new ProcessLink(connection, frames);
        var identity = new ProcessIdentity(_setup.Spec.Name, Environment.ProcessId, ProcessIdentity.OwnName);
        var reply = new ExecutorHandshakeReply(
            _setup.Owners, _files.ProgressPath, identity, _files.PayloadDirectory, _setup.Spec.DisplayName, _setup.NodeName,
            EncodeFunction(_setup.Spec.Services, _setup.Spec.ServicesArguments),
            EncodeFunction(_setup.Spec.Initializer, _setup.Spec.InitializerArguments),
            EncodeFunction(_setup.Spec.State, _setup.Spec.StateArguments), _setup.Spec.LogsFrom, GetClientGrace());
        connection.SendFrames(reply.WriteTo);
        connection.StartReceiving(frames.ProcessFrame, reason => self.Tell(new LinkBroken(reason)), () => self.Tell(EndClosed.Instance));
    }

    /// <summary>Gets the time that a job has after the end of this process, if it is the client itself.</summary>
    private long GetClientGrace() => _setup.Pool.Path.Address.HasLocalScope
        ? (long)(_setup.Spec.GetGrace(CancellationTriggers.ClientDisconnected) ?? TimeSpan.Zero).TotalMilliseconds
        : 0;

    private static (ReadOnlyMemory<byte> Definition, ReadOnlyMemory<byte> Arguments)? EncodeFunction(
        FunctionRef? function, ReadOnlyMemory<byte> arguments) => function is null ? null : (function.Definition, arguments);

    /// <summary>Sends frames to the process. One that has not connected has no jobs yet.</summary>
    private void SendFrames(Action<FrameWriter> write) => _link?.Connection.SendFrames(write);

    private void SendFrame(FrameKind kind) => SendFrames(writer =>
    {
        writer.BeginFrame(kind);
        writer.EndFrame();
    });
}
