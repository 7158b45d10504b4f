using Actors.Coordinator.Payloads;
using Actors.Messages;
using Actors.Messages.Payloads;

namespace Actors.Coordinator.Tests.Payloads;

public class PayloadStateTests
{
    private const int Space = 1_000_000;

    private readonly PayloadState _state = new(Space);
    private readonly PoolId _pool = PoolId.New();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(Space + 1)]
    public void Offer_OfALengthThatMayNotBe_IsRefusedAndTakesNothing(long length)
    {
        Assert.NotNull(_state.Offer(_pool, new PayloadProtocol.Offer(PayloadId.New(), length, default)));
        Assert.Equal((0, 0L), (_state.Count, _state.Used));
    }

    [Fact]
    public void Offer_WhenTheStoreIsFull_IsRefusedUntilOneIsRemoved()
    {
        var first = Offered(Space - 10);
        var refusal = _state.Offer(_pool, new PayloadProtocol.Offer(PayloadId.New(), 11, default));
        Assert.Contains("full", refusal, StringComparison.Ordinal);
        Assert.Contains("--payload-space", refusal, StringComparison.Ordinal);
        Offered(10);

        Assert.True(_state.Remove(_pool, first));
        Assert.False(_state.Remove(_pool, first));

        Assert.Equal(10, _state.Used);
        Offered(11);
    }

    [Fact]
    public void Offer_OfAnIdThatIsThere_IsRefused()
    {
        var id = Offered(10);
        Assert.NotNull(_state.Offer(PoolId.New(), new PayloadProtocol.Offer(id, 10, default)));
        Assert.Equal(10, _state.Used);
    }

    [Fact]
    public void Take_InOrder_ThenIsRead()
    {
        var id = Offered(PayloadProtocol.ChunkLength + 5);
        Assert.Equal(0, _state.Read(_pool, id, 0, out _));
        Assert.NotNull(_state.Complete(_pool, id));
        Assert.Null(_state.Take(_pool, id, 0, PayloadProtocol.ChunkLength));
        Assert.Null(_state.Take(_pool, id, PayloadProtocol.ChunkLength, 5));
        Assert.Null(_state.Complete(_pool, id));

        Assert.Equal(PayloadProtocol.ChunkLength, _state.Read(_pool, id, 0, out _));
        Assert.Equal(4, _state.Read(_pool, id, PayloadProtocol.ChunkLength + 1, out _));
        Assert.Equal(0, _state.Read(_pool, id, PayloadProtocol.ChunkLength + 5, out var reason));
        Assert.NotEmpty(reason);
        Assert.Equal(0, _state.Read(_pool, id, -1, out _));
        Assert.NotNull(_state.Take(_pool, id, PayloadProtocol.ChunkLength + 5, 1));
    }

    [Theory]
    [InlineData(0, 11)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(-1, 1)]
    public void Take_OutOfOrderOrTooLong_IsRefusedAndChangesNothing(long offset, int length)
    {
        var id = Offered(10);
        Assert.NotNull(_state.Take(_pool, id, offset, length));
        Assert.Null(_state.Take(_pool, id, 0, 10));
    }

    [Fact]
    public void Take_OfMoreThanAPart_IsRefused()
    {
        var id = Offered(Space);
        Assert.NotNull(_state.Take(_pool, id, 0, PayloadProtocol.ChunkLength + 1));
    }

    [Fact]
    public void Payload_OfOnePool_IsNotThereForAnother()
    {
        var (id, other) = (Offered(1), PoolId.New());
        Assert.NotNull(_state.Take(other, id, 0, 1));
        Assert.Null(_state.Take(_pool, id, 0, 1));
        Assert.NotNull(_state.Complete(other, id));
        Assert.Null(_state.Complete(_pool, id));
        Assert.Equal(0, _state.Read(other, id, 0, out _));
        Assert.False(_state.Remove(other, id));
        Assert.Equal(1, _state.Read(_pool, id, 0, out _));
    }

    [Fact]
    public void RemoveExecutor_RemovesWhatIsNotKept()
    {
        var (executor, other) = (ExecutorId.New(), ExecutorId.New());
        var (lost, kept, others, clients) = (Offered(1, executor), Offered(2, executor), Offered(4, other), Offered(8));
        _state.Keep(_pool, kept);

        Assert.Equal([lost], _state.RemoveExecutor(_pool, executor));
        Assert.Empty(_state.RemoveExecutor(_pool, default));
        Assert.Equal(14, _state.Used);
        Assert.Equal(new HashSet<PayloadId> { kept, others, clients }, _state.RemovePool(_pool).ToHashSet());
        Assert.Equal((0, 0L), (_state.Count, _state.Used));
    }

    private PayloadId Offered(long length, ExecutorId from = default)
    {
        var id = PayloadId.New();
        Assert.Null(_state.Offer(_pool, new PayloadProtocol.Offer(id, length, from)));
        return id;
    }
}
