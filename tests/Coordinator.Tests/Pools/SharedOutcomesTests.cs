using System.Collections.Immutable;
using Actors.Coordinator.Pools;
using Actors.Messages;

namespace Actors.Coordinator.Tests.Pools;

/// <summary><see cref="SharedOutcomes"/> beside a list of the calls so far.</summary>
public sealed class SharedOutcomesTests
{
    private static readonly JobId Job = new(1);

    private static readonly Func<JobId, long?> NoSubmitter = static _ => null;

    private readonly SharedOutcomes _shared = new();

    [Fact]
    public void Acknowledge_OnlyTheSubmitterWaits_IsLast() =>
        Assert.Equal(Job, Assert.Single(_shared.AcknowledgeOutcomes(0, [Job], NoSubmitter)));

    /// <summary>The session has received the outcome before a failover, after which the pool does not know that it waits.</summary>
    [Fact]
    public void Acknowledge_UnknownSessionWhileTheSubmitterIsConnected_IsNotLast()
    {
        Assert.Empty(_shared.AcknowledgeOutcomes(1, [Job], static _ => 0));
        Assert.Equal(Job, Assert.Single(_shared.AcknowledgeOutcomes(0, [Job], static _ => 0)));
        Assert.Equal(Job, Assert.Single(_shared.AcknowledgeOutcomes(1, [Job], NoSubmitter)));
    }

    [Fact]
    public void Acknowledge_AnotherSessionWaits_IsLastWhenBothHaveDoneSo()
    {
        _shared.AttachSession(Job, 1, submitter: 0);

        Assert.Empty(_shared.AcknowledgeOutcomes(1, [Job], NoSubmitter));
        Assert.Equal(Job, Assert.Single(_shared.AcknowledgeOutcomes(0, [Job], NoSubmitter)));
        Assert.True(_shared.IsEmpty);
    }

    [Fact]
    public void Remove_WaitingSessionLeaves_ReturnsOnlyAcknowledgedOutcomes()
    {
        _shared.AttachSession(Job, 1, submitter: 0);
        _shared.AttachSession(new JobId(2), 1, submitter: 0);
        _shared.AcknowledgeOutcomes(0, [Job], NoSubmitter);

        Assert.Equal(Job, Assert.Single(_shared.RemoveSession(1)));
        Assert.Empty(_shared.RemoveSession(0));
        Assert.True(_shared.IsEmpty);
    }

    /// <summary>
    /// An outcome is given up exactly when a session has acknowledged it and no connected session still waits for it: neither its
    /// submitter nor one that has attached.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Outcome_AnySchedule_IsGivenUpAfterTheLastWaitingSession(int seed)
    {
        var random = new Random(seed);
        var (connected, waiting) = (new HashSet<long> { 0, 1, 2 }, new HashSet<long> { 0 });
        var (isAcknowledged, isGivenUp) = (false, false);
        for (var step = 0; step < 30 && !isGivenUp; step++)
        {
            var session = random.Next(3);
            ImmutableArray<JobId> given = [];
            if (random.Next(4) == 0)
            {
                connected.Remove(session);
                waiting.Remove(session);
                given = _shared.RemoveSession(session);
            }
            else if (connected.Contains(session) && random.Next(2) == 0)
            {
                _shared.AttachSession(Job, session, connected.Contains(0) ? 0 : null);
                waiting.Add(session);
            }
            else if (waiting.Contains(session))
            {
                waiting.Remove(session);
                isAcknowledged = true;
                given = _shared.AcknowledgeOutcomes(session, [Job], NoSubmitter);
            }

            isGivenUp = isAcknowledged && waiting.Count == 0;
            Assert.Equal(isGivenUp, !given.IsEmpty);
        }
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 200)];
}
