using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class SessionIdsTests
{
    [Fact]
    public void AssignNext_PoolThatIsNotDurable_CountsFromOne()
    {
        var ids = new SessionIds(isDurable: false);

        Assert.Equal((0, 1), (ids.LastReported, ids.Next.Value));
        Assert.Equal((1, 2), (ids.AssignNext().Value, ids.AssignNext().Value));
        Assert.Equal((2, 3), (ids.LastReported, ids.Next.Value));
        Assert.True(ids.IsOwn(new JobId(SessionRange.Size + 1)));
    }

    [Fact]
    public void LastReported_DurablePool_IsTheLastAcceptedJob()
    {
        var ids = new SessionIds(isDurable: true);
        ids.OnOpened(Opened(range: 1, lastJob: SessionRange.Size));
        ids.StartAfter(new JobId(SessionRange.Size));

        ids.AssignNext();
        Assert.Equal(0, ids.LastReported);
        ids.MarkAccepted(new JobId(SessionRange.Size + 1));
        ids.MarkAccepted(default);
        Assert.Equal(SessionRange.Size + 1, ids.LastReported);
    }

    [Theory]
    [InlineData(SessionRange.Size - 1, false, false)]
    [InlineData(SessionRange.Size + 7, true, false)]
    [InlineData(SessionRange.Size + 8, true, true)]
    [InlineData(2 * SessionRange.Size, false, false)]
    public void IsUnassigned_ContinuedSession_KnowsItsRangeAndItsLastJob(long job, bool isOwn, bool isUnassigned)
    {
        var ids = new SessionIds(isDurable: true);
        ids.OnOpened(Opened(range: 1, lastJob: SessionRange.Size + 7));
        ids.StartAfter(new JobId(SessionRange.Size + 7));

        Assert.Equal((isOwn, isUnassigned), (ids.IsOwn(new JobId(job)), ids.IsUnassigned(new JobId(job))));
    }

    [Fact]
    public void IsExhausted_LastIdOfTheRange_IsTrueAfterIt()
    {
        var ids = new SessionIds(isDurable: true);
        ids.OnOpened(Opened(range: 0, lastJob: 0));
        ids.StartAfter(new JobId(SessionRange.Size - 2));

        Assert.False(ids.IsExhausted);
        ids.AssignNext();
        Assert.True(ids.IsExhausted);
    }

    private static PoolProtocol.PoolOpened Opened(long range, long lastJob) =>
        new(PoolId.New(), new JobId(lastJob), IsClosed: false, range);
}
