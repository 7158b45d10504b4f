using System.Collections.Immutable;
using Actors.Messages.Delivery;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Recovers lost messages between the client, the pool and the executors. Outcomes are retained until the client acknowledges them, and are
/// sent again when the client compares. Executors periodically receive the state that the pool assumes
/// (<see cref="PoolState.CompareExecutors"/>). No timer runs while nothing is outstanding.
/// </summary>
internal partial class PoolActor
{
    private static readonly TimeSpan CompareInterval = TimeSpan.FromSeconds(1);

    private readonly UnacknowledgedMessages<PoolProtocol.JobsEnded> _unacknowledged = new();
    private long _lastSubmission;
    private bool _isComparisonScheduled;
    private bool _isClientLost;

    /// <summary>Whether the client numbers its submissions and acknowledges outcomes. Otherwise each outcome is sent once.</summary>
    private bool _clientAcknowledges;
    private PoolProtocol.PoolFinished? _finishedMessage;

    /// <summary>The number of the client's last accepted submission.</summary>
    protected long LastAccepted { get; set; }

    /// <summary>Whether the client has acknowledged all outcomes, or is disconnected.</summary>
    private bool IsAllAcknowledged => _isClientLost || _unacknowledged.All.Count == 0;

    private void ReceiveComparisons()
    {
        Receive<ExecutorComparisonDue>(_ =>
        {
            _isComparisonScheduled = false;
            if (State is not null)
                UpdateState(() => State.CompareExecutors(Now));
        });
        Receive<PoolProtocol.AcknowledgeJobsEnded>(acknowledge => AcknowledgeOutcomes(acknowledge.Number));
        Receive<PoolProtocol.ComparePool>(AnswerComparison);
        Receive<PauseChanged>(_ => ApplyPause());
    }

    private void ScheduleComparison()
    {
        if (_isComparisonScheduled || !State.HasOutstanding)
            return;
        _isComparisonScheduled = true;
        Timers.StartSingleTimer(nameof(CompareInterval), ExecutorComparisonDue.Instance, CompareInterval);
    }

    private void SendCompare(PoolEffect.SendComparison compare)
    {
        if (_executors.TryGetValue(compare.Executor, out var executor))
        {
            executor.Actor.Tell(new NodeProtocol.CompareExecutor(
                compare.Executor, State.AcknowledgeReports(compare.Executor), executor.LastSent, compare.State, compare.Cancelled));
        }
    }

    /// <summary>Accepts each submission once and in order. After a lost submission the client sends all later ones again.</summary>
    private void AcceptSubmission(PoolProtocol.SubmitJobs submit)
    {
        AcknowledgeOutcomes(submit.Acknowledged);
        if (submit.Number == 0)
        {
            SubmitWithinLimit(submit);
        }
        else if (submit.Number == _lastSubmission + 1)
        {
            (_lastSubmission, _clientAcknowledges) = (submit.Number, true);
            SubmitWithinLimit(submit);
        }
        else if (submit.Number <= _lastSubmission)
        {
            OnRepeatedSubmission(submit);
        }
    }

    /// <summary>Called for a submission that was received before.</summary>
    protected virtual void OnRepeatedSubmission(PoolProtocol.SubmitJobs submit)
    {
    }

    /// <summary>Whether the client's submissions have arrived, up to the number that a request names.</summary>
    protected bool HasReceived(long submitted) => submitted <= _lastSubmission;

    protected static PoolProtocol.JobsAccepted CreateAccepted(PoolProtocol.SubmitJobs submit) =>
        submit.Number == 0 ? PoolProtocol.JobsAccepted.Instance : new PoolProtocol.JobsAccepted(submit.Number);

    private void SendEndedBatch(ImmutableArray<JobOutcome> outcomes)
    {
        if (!_clientAcknowledges)
        {
            Client.Tell(new PoolProtocol.JobsEnded(outcomes));
            return;
        }

        var ended = new PoolProtocol.JobsEnded(outcomes, _unacknowledged.Last + 1, _lastSubmission);
        _unacknowledged.Add(ended);
        ChargeResults(outcomes);
        Client.Tell(ended);
    }

    protected void SendFinished(long dropped)
    {
        _finishedMessage = new PoolProtocol.PoolFinished(dropped, _unacknowledged.Last);
        Client.Tell(_finishedMessage);
    }

    private void AcknowledgeOutcomes(long number)
    {
        if (number <= _unacknowledged.Acknowledged)
            return;
        RemoveAcknowledged(number);
        StopIfAcknowledged();
    }

    private void StopIfAcknowledged()
    {
        if (_finishedMessage is not null && IsAllAcknowledged)
            OnAllAcknowledged();
    }

    /// <summary>Called when the pool has ended and the client has all outcomes.</summary>
    protected virtual void OnAllAcknowledged() => Context.Stop(Self);

    private void AnswerComparison(PoolProtocol.ComparePool compare)
    {
        AcknowledgeOutcomes(compare.Acknowledged);
        _clientAcknowledges = true;
        if (State is null)
            return;
        foreach (var ended in _unacknowledged.All)
            Client.Tell(ended);
        if (!compare.Cancelled.IsEmpty)
            CancelJobs(new PoolProtocol.CancelJobs(compare.Cancelled));
        Client.Tell(new PoolProtocol.ComparePoolReply(_lastSubmission, LastAccepted, State.Ending));
        if (_finishedMessage is not null)
            Client.Tell(_finishedMessage);
    }

    /// <summary>Retains outcomes from now on until the client acknowledges them.</summary>
    protected void RetainOutcomes() => _clientAcknowledges = true;

    /// <summary>Discards the unacknowledged messages and the numbers of the client, which mean nothing to another client.</summary>
    protected void ResetClient()
    {
        _isClientLost = true;
        _unacknowledged.Clear();
        ChargeClient(null);
        (_lastSubmission, LastAccepted, _clientAcknowledges) = (0, 0, false);
        StopIfAcknowledged();
        _finishedMessage = null;
    }

    private sealed record ExecutorComparisonDue
    {
        public static readonly ExecutorComparisonDue Instance = new();
    }
}
