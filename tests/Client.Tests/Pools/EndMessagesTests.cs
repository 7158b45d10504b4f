using Actors.Messages.Pools;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class EndMessagesTests
{
    private readonly EndMessages _messages = new();

    [Fact]
    public void AreComplete_MessageIsMissing_WaitsForIt()
    {
        Assert.True(_messages.TryFinish(new PoolProtocol.PoolFinished(0, LastEnded: 2)));
        Assert.True(_messages.TryAccept(CreateMessage(1)));
        Assert.False(_messages.AreComplete);
        Assert.True(_messages.TryAccept(CreateMessage(2)));
        Assert.True(_messages.AreComplete);

        Assert.False(_messages.TryFinish(new PoolProtocol.PoolFinished(0, LastEnded: 2)));
        _messages.ForgetEnd();
        Assert.False(_messages.AreComplete);
    }

    [Fact]
    public void TryAccept_EarlyMessage_IsTakenAfterTheMissingOne()
    {
        Assert.False(_messages.TryAccept(CreateMessage(2)));
        Assert.True(_messages.HasGap);
        Assert.True(_messages.TryAccept(CreateMessage(1)));
        Assert.True(_messages.TryAcceptEarly(out var early));
        Assert.Equal(((long?)2, false), (early?.Number, _messages.HasGap));
    }

    [Fact]
    public void Acknowledge_ReceivedMessages_AcknowledgesTheLastOnce()
    {
        Assert.False(_messages.HasUnacknowledged);
        for (var number = 1; number < 16; number++)
            _messages.TryAccept(CreateMessage(number));
        Assert.Equal((true, false), (_messages.HasUnacknowledged, _messages.IsAcknowledgmentDue));
        _messages.TryAccept(CreateMessage(16));
        Assert.True(_messages.IsAcknowledgmentDue);

        Assert.Equal(16, _messages.Acknowledge());

        Assert.Equal((false, false), (_messages.HasUnacknowledged, _messages.IsAcknowledgmentDue));
    }

    [Fact]
    public void Reset_NewConnection_StartsFromOne()
    {
        _messages.TryAccept(CreateMessage(1));
        _messages.TryFinish(new PoolProtocol.PoolFinished(0, LastEnded: 1));
        _messages.Acknowledge();

        _messages.Reset();

        Assert.False(_messages.AreComplete);
        Assert.True(_messages.TryAccept(CreateMessage(1)));
        Assert.Equal(1, _messages.Acknowledge());
    }

    private static PoolProtocol.JobsEnded CreateMessage(long number) => new([], number);
}
