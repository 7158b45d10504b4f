using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Recovers lost messages between the client, the pool and the executors. Outcomes are retained until the client acknowledges them, and are
/// sent again when the client compares. Executors periodically receive the state that the pool assumes
/// (<see cref="PoolState.CompareExecutors"/>). No timer runs while nothing is outstanding.
/// </summary>
public partial class PoolActor
{
    private static readonly TimeSpan CompareInterval = ProtocolTimes.ShortestComparison;

    private bool _isComparisonScheduled;

    private void ReceiveComparisons()
    {
        Receive<ExecutorComparisonDue>(_ =>
        {
            _isComparisonScheduled = false;
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
                compare.Executor, State.AcknowledgeReports(compare.Executor), executor.LastSent, compare.State, compare.Canceled));
        }
    }

    private void AcceptSubmission(PoolProtocol.SubmitJobs submit)
    {
        AcknowledgeOutcomes(submit.Acknowledged);
        if (_link.ReceiveSubmission(submit.Number) == ClientLink.SubmissionOrder.Next)
            SubmitWithinLimit(submit);
    }

    private void AcknowledgeOutcomes(long number)
    {
        if (!_link.AcknowledgeOutcomes(number))
            return;
        UpdatePause();
        StopIfAcknowledged();
    }

    /// <summary>Stops when the pool has ended and the client has all outcomes.</summary>
    private void StopIfAcknowledged()
    {
        if (_hasFinished && _link.IsAllAcknowledged)
            Context.Stop(Self);
    }

    private void AnswerComparison(PoolProtocol.ComparePool compare)
    {
        AcknowledgeOutcomes(compare.Acknowledged);
        var isAnswered = _link.TryStartComparison();
        if (isAnswered)
            _link.ResendOutcomes();
        if (!compare.Canceled.IsEmpty)
            UpdateState(() => State.CancelJobs(compare.Canceled));
        if (isAnswered)
            _link.AnswerComparison(State.Ending);
    }

    private void AnswerWaitingComparison()
    {
        if (!_link.TakeWaitingComparison())
            return;
        _link.ResendOutcomes();
        _link.AnswerComparison(State.Ending);
    }

    private sealed record ExecutorComparisonDue
    {
        public static readonly ExecutorComparisonDue Instance = new();
    }
}
