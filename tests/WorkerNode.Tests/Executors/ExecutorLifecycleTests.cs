using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class ExecutorLifecycleTests
{
    private static readonly FailureInfo Failure = FailureConverter.ToFailure(new InvalidOperationException("no"));

    private readonly ExecutorLifecycle _lifecycle = new();

    [Fact]
    public void OnReady_BeforeTheStartIsKnown_IsReportedAfterIt()
    {
        Assert.Empty(After(life => life.OnReady()));
        Assert.Equal([ExecutorEffect.ReportReady], After(life => life.OnStarted()));
        Assert.Empty(After(life => life.OnReady()));
    }

    [Fact]
    public void Kill_BeforeTheStartIsKnown_KillsTheStartedProcess()
    {
        After(life => life.Kill(ExecutorExitReason.PoolEnded));

        Assert.Equal([ExecutorEffect.KillProcess], After(life => life.OnStarted()));
        Assert.Equal(ExecutorExitReason.PoolEnded, _lifecycle.Reason);
    }

    [Fact]
    public void Retire_ReadyProcess_StopsItOnce()
    {
        Start();

        Assert.Equal(
            [ExecutorEffect.ReportRetiring, ExecutorEffect.StopProcess, ExecutorEffect.AwaitStop], After(life => life.Retire()));
        Assert.Empty(After(life => life.Retire()));
    }

    [Fact]
    public void Retire_StartingProcess_KillsIt()
    {
        After(life => life.OnStarted());

        Assert.Equal([ExecutorEffect.ReportRetiring, ExecutorEffect.KillProcess], After(life => life.Retire()));
        Assert.Equal(ExecutorExitReason.Retired, _lifecycle.Reason);
    }

    [Fact]
    public void Stop_ReadyProcess_StopsItAndCancelsItsJobOnce()
    {
        Start();

        Assert.Equal(
            [ExecutorEffect.ReportRetiring, ExecutorEffect.StopProcess, ExecutorEffect.AwaitStop, ExecutorEffect.CancelJobs],
            After(life => life.Stop(ExecutorExitReason.Drained)));
        Assert.Empty(After(life => life.Stop(ExecutorExitReason.PoolEnded)));
        Assert.Equal(ExecutorExitReason.Drained, _lifecycle.Reason);
    }

    [Fact]
    public void Stop_RetiringProcess_CancelsItsJob()
    {
        Start();
        After(life => life.Retire());

        Assert.Equal([ExecutorEffect.CancelJobs], After(life => life.Stop(ExecutorExitReason.Drained)));
        Assert.Equal(ExecutorExitReason.Drained, _lifecycle.Reason);
    }

    [Fact]
    public void Stop_StartingProcess_KillsIt()
    {
        After(life => life.OnStarted());

        Assert.Equal(
            [ExecutorEffect.ReportRetiring, ExecutorEffect.KillProcess], After(life => life.Stop(ExecutorExitReason.Drained)));
    }

    [Fact]
    public void Stop_KilledProcess_DoesNothing()
    {
        Start();
        After(life => life.Kill(ExecutorExitReason.TimedOut));

        Assert.Empty(After(life => life.Stop(ExecutorExitReason.Drained)));
        Assert.Equal(ExecutorExitReason.TimedOut, _lifecycle.Reason);
    }

    [Fact]
    public void Compare_AbandonedProcess_CancelsItsJobOnce()
    {
        Start();
        var abandoned = NodeProtocol.ExpectedExecutorState.IsReady | NodeProtocol.ExpectedExecutorState.IsKilled
            | NodeProtocol.ExpectedExecutorState.IsAbandoned;

        Assert.Contains(ExecutorEffect.CancelJobs, After(life => life.Compare(abandoned)));
        Assert.Empty(After(life => life.Compare(abandoned)));
    }

    [Fact]
    public void OnStopOverdue_IdleProcess_KeepsTheReason()
    {
        Start();
        After(life => life.Retire());

        Assert.Empty(After(life => life.OnStopOverdue(isBusy: true)));
        Assert.Equal([ExecutorEffect.KillProcess], After(life => life.OnStopOverdue(isBusy: false)));
        Assert.Equal(ExecutorExitReason.Retired, _lifecycle.Reason);
    }

    [Fact]
    public void OnEndClosed_EveryEnd_ReportsTheExitOnce()
    {
        Start();

        Assert.Equal([ExecutorEffect.AwaitOutput], After(life => life.OnEndClosed(hasExited: true)));
        Assert.Empty(After(life => life.OnEndClosed(hasExited: true)));
        Assert.Empty(After(life => life.OnEndClosed(hasExited: true)));
        Assert.Equal([ExecutorEffect.ReportExit], After(life => life.OnEndClosed(hasExited: true)));
    }

    [Fact]
    public void OnEndClosed_SocketOfRunningProcess_WaitsForItsExitHandlers()
    {
        Start();

        Assert.Equal([ExecutorEffect.AwaitStop], After(life => life.OnEndClosed(hasExited: false)));
    }

    [Fact]
    public void OnOutputOverdue_DuringAnUpload_ReportsTheExitAfterIt()
    {
        Start();
        After(life => life.OnUploadStarted());
        After(life => life.OnUploadStarted());
        Assert.Empty(After(life => life.OnOutputOverdue()));

        Assert.Empty(After(life => life.OnUploadEnded()));
        Assert.Equal([ExecutorEffect.ReportExit], After(life => life.OnUploadEnded()));
    }

    [Fact]
    public void Kill_PoolEnded_CancelsTransfers()
    {
        Start();

        Assert.Equal([ExecutorEffect.CancelTransfers, ExecutorEffect.KillProcess], After(life => life.Kill(ExecutorExitReason.PoolEnded)));
        Assert.Equal([ExecutorEffect.KillProcess], After(life => life.Kill(ExecutorExitReason.TimedOut)));
    }

    [Fact]
    public void Compare_LostRequests_RepeatsThem()
    {
        Start();
        var ready = NodeProtocol.ExpectedExecutorState.IsReady;

        Assert.Empty(After(life => life.Compare(ready)));
        Assert.Equal([ExecutorEffect.ReportReady], After(life => life.Compare(default)));
        Assert.Contains(
            ExecutorEffect.StopProcess, After(life => life.Compare(ready | NodeProtocol.ExpectedExecutorState.IsRetiring)));
        Assert.Contains(ExecutorEffect.KillProcess, After(life => life.Compare(ready | NodeProtocol.ExpectedExecutorState.IsKilled)));
        Assert.Empty(After(life => life.Compare(ready | NodeProtocol.ExpectedExecutorState.IsKilled)));
    }

    [Fact]
    public void OnMalformedFrame_ReadyProcess_KillsItAndShortensTheEnd()
    {
        Start();
        var usual = _lifecycle.OutputGrace;

        Assert.Equal([ExecutorEffect.KillProcess], After(life => life.OnMalformedFrame(Failure)));
        Assert.Equal((ExecutorExitReason.BrokeProtocol, Failure), (_lifecycle.Reason, _lifecycle.Failure));
        Assert.True(_lifecycle.OutputGrace < usual);
        Assert.Empty(After(life => life.OnMalformedFrame(Failure)));
    }

    [Theory]
    [InlineData(false, false, ExecutorExitReason.StartFailed)]
    [InlineData(true, false, ExecutorExitReason.Crashed)]
    [InlineData(true, true, ExecutorExitReason.MemoryExceeded)]
    public void CompleteReason_Crash_DependsOnTheStartAndTheMemory(bool wasReady, bool diedOfMemory, ExecutorExitReason expected)
    {
        if (wasReady)
            Start();

        Assert.Equal(expected, _lifecycle.CompleteReason(diedOfMemory));
    }

    [Theory]
    [InlineData(true, 1, 0, nameof(JobGrace.GraceDecision.Kill))]
    [InlineData(false, 1, 0, nameof(JobGrace.GraceDecision.Done))]
    [InlineData(false, 0, 0, nameof(JobGrace.GraceDecision.Wait))]
    [InlineData(false, 0, 11, nameof(JobGrace.GraceDecision.Kill))]
    public void Decide_CanceledJob_KillsOnlyIfItRunsOrTheExecutorIsSilent(
        bool isRunning, long answered, int seconds, string expected)
    {
        var grace = new JobGrace(new(7), Revocation: 1, Latest: TimeSpan.FromSeconds(10));

        Assert.Equal(expected, $"{grace.Decide(isRunning, answered, TimeSpan.FromSeconds(seconds))}");
    }

    /// <summary>Starts a process that connects and is ready.</summary>
    private void Start()
    {
        After(life => life.OnStarted());
        After(life => life.OnConnected());
        After(life => life.OnReady());
    }

    private List<ExecutorEffect> After(Action<ExecutorLifecycle> command)
    {
        command(_lifecycle);
        var effects = new List<ExecutorEffect>();
        while (_lifecycle.TryTakeEffect(out var effect))
            effects.Add(effect.Value);
        return effects;
    }
}
