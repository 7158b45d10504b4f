using System.Collections.Immutable;
using Actors.Messages.Delivery;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Lost messages between client, pool and executors. What the client must not miss is kept until it has acknowledged it, and is sent again
/// when the client
/// compares; executors are told from time to time what the pool believes (<see cref="PoolState.CompareExecutors"/>). No timer runs while
/// nothing is outstanding.
/// </summary>
internal partial class PoolActor
{
    private static readonly TimeSpan CompareInterval = TimeSpan.FromSeconds(1);

    private readonly UnacknowledgedMessages<PoolProtocol.JobsEnded> _toClient = new();
    private long _fromClient;
    private bool _isComparing;
    private bool _clientIsGone;

    /// <summary>The client numbers what it submits, and acknowledges what it is told; one that does not is told everything once.</summary>
    private bool _clientAcknowledges;
    private PoolProtocol.PoolFinished? _lastWord;

    /// <summary>The number of the client's last submission that was accepted.</summary>
    protected long LastAccepted { get; set; }

    /// <summary>Whether the client has all that it needs to know, or is gone.</summary>
    private bool IsHeard => _clientIsGone || _toClient.All.Count == 0;

    private void ReceiveComparisons()
    {
        Receive<CompareNow>(_ =>
        {
            _isComparing = false;
            if (State is not null)
                Decide(() => State.CompareExecutors(Now));
        });
        Receive<PoolProtocol.AcknowledgeJobsEnded>(acknowledge => Acknowledge(acknowledge.Number));
        Receive<PoolProtocol.ComparePool>(Compare);
    }

    private void CompareLater()
    {
        if (_isComparing || !State.WantsComparison)
            return;
        _isComparing = true;
        Timers.StartSingleTimer(nameof(CompareInterval), CompareNow.Instance, CompareInterval);
    }

    private void SendCompare(PoolEffect.Compare compare)
    {
        if (_executors.TryGetValue(compare.Executor, out var executor))
        {
            executor.Actor.Tell(new NodeProtocol.CompareExecutor(
                compare.Executor, State.Acknowledge(compare.Executor), executor.LastSent, compare.State, compare.Cancelled));
        }
    }

    /// <summary>Each submission once, in the order of their numbers. After a lost one the client sends all again.</summary>
    private void Take(PoolProtocol.SubmitJobs submit)
    {
        Acknowledge(submit.Acknowledged);
        if (submit.Number == 0)
        {
            Submit(submit);
        }
        else if (submit.Number == _fromClient + 1)
        {
            (_fromClient, _clientAcknowledges) = (submit.Number, true);
            Submit(submit);
        }
    }

    protected static PoolProtocol.JobsAccepted AcceptedOf(PoolProtocol.SubmitJobs submit) =>
        submit.Number == 0 ? PoolProtocol.JobsAccepted.Instance : new PoolProtocol.JobsAccepted(submit.Number);

    private void TellEnded(ImmutableArray<JobOutcome> outcomes)
    {
        if (!_clientAcknowledges)
        {
            Client.Tell(new PoolProtocol.JobsEnded(outcomes));
            return;
        }

        var ended = new PoolProtocol.JobsEnded(outcomes, _toClient.Last + 1, _fromClient);
        _toClient.Add(ended);
        Client.Tell(ended);
    }

    protected void TellFinished(long dropped)
    {
        _lastWord = new PoolProtocol.PoolFinished(dropped, _toClient.Last);
        Client.Tell(_lastWord);
    }

    private void Acknowledge(long number)
    {
        if (number <= _toClient.Acknowledged)
            return;
        _toClient.Acknowledge(number);
        StopIfHeard();
    }

    private void StopIfHeard()
    {
        if (_lastWord is not null && IsHeard)
            OnHeard();
    }

    /// <summary>The pool is over and the client has all outcomes.</summary>
    protected virtual void OnHeard() => Context.Stop(Self);

    private void Compare(PoolProtocol.ComparePool compare)
    {
        Acknowledge(compare.Acknowledged);
        _clientAcknowledges = true;
        if (State is null)
            return;
        foreach (var ended in _toClient.All)
            Client.Tell(ended);
        if (!compare.Cancelled.IsEmpty)
            Cancel(new PoolProtocol.CancelJobs(compare.Cancelled));
        Client.Tell(new PoolProtocol.ComparePoolReply(_fromClient, LastAccepted, State.Ending));
        if (_lastWord is not null)
            Client.Tell(_lastWord);
    }

    /// <summary>What was said to the client is of no use to another.</summary>
    protected void ForgetClient()
    {
        _clientIsGone = true;
        _toClient.Clear();
        (_fromClient, LastAccepted, _clientAcknowledges) = (0, 0, false);
        StopIfHeard();
        _lastWord = null;
    }

    private sealed record CompareNow
    {
        public static readonly CompareNow Instance = new();
    }
}
