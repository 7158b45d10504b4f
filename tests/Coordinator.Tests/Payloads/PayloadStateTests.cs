using Actors.Coordinator.Payloads;
using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting;

namespace Actors.Coordinator.Tests.Payloads;

public class PayloadStateTests
{
    private const int Space = 1_000_000;

    private static readonly HostPort Client = new("client", 1);
    private static readonly HostPort Other = new("client", 2);

    private readonly PayloadState _state = new(new PayloadLimits(Space, Space, 4));
    private readonly PoolId _pool = PoolId.New();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(Space + 1)]
    public void AddPayload_InvalidLength_IsRefused(long length)
    {
        Assert.NotNull(_state.AddPayload(new PayloadOwner(_pool, Client),
            new PayloadProtocol.OfferPayload(PayloadId.New(), length, default), Client, TimeSpan.Zero));
        Assert.Equal((0, 0L), (_state.Count, _state.Used));
    }

    /// <summary>A node that named an argument of other jobs as the result of its own removed it.</summary>
    [Fact]
    public void RemoveResult_ArgumentOfTheClient_IsNotRemoved()
    {
        var argument = Offered(10);
        var result = PayloadId.New();
        var offer = new PayloadProtocol.OfferPayload(result, 10, ExecutorId.New());
        Assert.Null(_state.AddPayload(new PayloadOwner(_pool, Client), offer, Other, TimeSpan.Zero));

        Assert.False(_state.RemoveResult(_pool, argument));
        Assert.False(_state.RemoveResult(PoolId.New(), result));
        Assert.True(_state.RemoveResult(_pool, result));

        Assert.Equal((1, 10L), (_state.Count, _state.Used));
    }

    [Fact]
    public void AddPayload_StoreIsFull_IsRefusedUntilOneIsRemoved()
    {
        var first = Offered(Space - 10);
        var refusal = _state.AddPayload(new PayloadOwner(_pool, Client), new PayloadProtocol.OfferPayload(PayloadId.New(), 11, default),
            Client, TimeSpan.Zero);
        Assert.Contains("full", refusal, StringComparison.Ordinal);
        Assert.Contains("--payload-space", refusal, StringComparison.Ordinal);
        Offered(10);

        Assert.True(_state.RemovePayload(_pool, first));
        Assert.False(_state.RemovePayload(_pool, first));

        Assert.Equal(10, _state.Used);
        Offered(11);
    }

    [Fact]
    public void AddPayload_KnownId_IsRefused()
    {
        var id = Offered(10);
        Assert.NotNull(_state.AddPayload(new PayloadOwner(PoolId.New(), Other), new PayloadProtocol.OfferPayload(id, 10, default),
            Other, TimeSpan.Zero));
        Assert.Equal(10, _state.Used);
    }

    [Fact]
    public void CompletePayload_AllBytesArrived_IsReadable()
    {
        var id = Offered(10);
        _state.SetReceived(id, 9, TimeSpan.Zero);
        Assert.NotNull(_state.CheckDownload(_pool, id));
        Assert.Contains("9 of 10", _state.CompletePayload(_pool, id), StringComparison.Ordinal);
        _state.SetReceived(id, 10, TimeSpan.Zero);
        Assert.Null(_state.CompletePayload(_pool, id));

        Assert.Null(_state.CheckDownload(_pool, id));
        Assert.NotNull(_state.CompletePayload(_pool, id));
    }

    [Fact]
    public void CheckDownload_PayloadOfAnotherPool_IsRefused()
    {
        var (id, other) = (Offered(1), PoolId.New());
        _state.SetReceived(id, 1, TimeSpan.Zero);
        Assert.NotNull(_state.CompletePayload(other, id));
        Assert.Null(_state.CompletePayload(_pool, id));
        Assert.NotNull(_state.CheckDownload(other, id));
        Assert.False(_state.RemovePayload(other, id));
        Assert.Null(_state.CheckDownload(_pool, id));
    }

    [Fact]
    public void RemoveExecutor_RemovesUnretainedPayloads()
    {
        var (executor, other) = (ExecutorId.New(), ExecutorId.New());
        var (lost, kept, others, clients) = (Offered(1, executor), Offered(2, executor), Offered(4, other), Offered(8));
        _state.RetainPayload(_pool, kept);

        Assert.Equal([lost], _state.RemoveExecutor(_pool, executor));
        Assert.Empty(_state.RemoveExecutor(_pool, default));
        Assert.Equal(14, _state.Used);
        Assert.Equal(new HashSet<PayloadId> { kept, others, clients }, _state.RemovePool(_pool).ToHashSet());
        Assert.Equal((0, 0L), (_state.Count, _state.Used));
    }

    [Fact]
    public void AddPayload_AboveTheShareOfAClient_LeavesSpaceForOthers()
    {
        var state = new PayloadState(new PayloadLimits(Space, Space / 2, 4));
        Assert.Null(Offer(state, Client, Space / 2));

        var refusal = Offer(state, Client, 1);

        Assert.Contains("--client-payload-space", refusal, StringComparison.Ordinal);
        Assert.NotNull(Offer(state, Client, 1, ExecutorId.New()));
        Assert.Null(Offer(state, Other, Space / 2));
        Assert.Equal((2, Space), (state.Count, state.Used));
    }

    [Fact]
    public void AddPayload_TooManyOfOneClient_LeavesSlotsForOthers()
    {
        var state = new PayloadState(new PayloadLimits(Space, Space, int.MaxValue));
        for (var i = 0; i < PayloadLimits.MaxPayloadsOfClient; i++)
            Assert.Null(Offer(state, Client, 1));

        Assert.NotNull(Offer(state, Client, 1));
        Assert.Null(Offer(state, Other, 1));

        Assert.Equal(PayloadLimits.MaxPayloadsOfClient + 1, state.RemovePool(_pool).Count);
        Assert.Null(Offer(state, Client, 1));
    }

    [Fact]
    public void AddPayload_TooManyUploads_IsRefusedUntilOneEnds()
    {
        var uploads = Enumerable.Range(0, 4).Select(_ => Offered(1)).ToList();

        Assert.Contains("--client-uploads", Offer(_state, Client, 1), StringComparison.Ordinal);
        // Uploads of executors are limited by their nodes.
        Assert.Null(Offer(_state, Client, 1, ExecutorId.New()));
        Assert.Null(Offer(_state, Other, 1));

        _state.SetReceived(uploads[0], 1, TimeSpan.Zero);
        Assert.Null(_state.CompletePayload(_pool, uploads[0]));
        Offered(1);
        Assert.NotNull(Offer(_state, Client, 1));
        Assert.True(_state.RemovePayload(_pool, uploads[1]));
        Offered(1);
        Assert.NotNull(Offer(_state, Client, 1));
    }

    [Fact]
    public void RemoveTimedOut_RemovesOnlySilentUploads()
    {
        var (silent, slow, complete) = (Offered(5), Offered(5), Offered(1));
        _state.SetReceived(complete, 1, TimeSpan.Zero);
        Assert.Null(_state.CompletePayload(_pool, complete));
        _state.SetReceived(slow, 1, TimeSpan.FromSeconds(1));
        Assert.True(_state.HasUploads);

        Assert.Empty(_state.RemoveTimedOut(PayloadLimits.UploadTimeout - TimeSpan.FromTicks(1)));
        Assert.Equal([silent], _state.RemoveTimedOut(PayloadLimits.UploadTimeout));
        _state.SetReceived(silent, 5, PayloadLimits.UploadTimeout);
        Assert.Contains("expired", _state.CompletePayload(_pool, silent), StringComparison.Ordinal);
        _state.SetReceived(slow, 1, PayloadLimits.UploadTimeout);
        Assert.Equal([slow], _state.RemoveTimedOut(PayloadLimits.UploadTimeout + TimeSpan.FromSeconds(1)));

        Assert.Equal((1, 1L, false), (_state.Count, _state.Used, _state.HasUploads));
    }

    private string? Offer(PayloadState state, HostPort client, long length, ExecutorId from = default) => state.AddPayload(
        new PayloadOwner(_pool, client), new PayloadProtocol.OfferPayload(PayloadId.New(), length, from), client, TimeSpan.Zero);

    private PayloadId Offered(long length, ExecutorId from = default)
    {
        var id = PayloadId.New();
        Assert.Null(_state.AddPayload(
            new PayloadOwner(_pool, Client), new PayloadProtocol.OfferPayload(id, length, from), Client, TimeSpan.Zero));
        return id;
    }

    [Fact]
    public void MayChange_NodeOfThePool_ChangesItsOwnPayloadsOnly()
    {
        var (shared, result, node) = (Offered(10), PayloadId.New(), new HostPort("node", 1));
        var owner = new PayloadOwner(_pool, Client);
        Assert.Null(_state.AddPayload(owner, new PayloadProtocol.OfferPayload(result, 10, ExecutorId.New()), node, TimeSpan.Zero));

        Assert.Equal((false, true), (_state.MayChange(owner, shared, node), _state.MayChange(owner, result, node)));
        Assert.Equal((false, false), (_state.MayChange(owner, shared, Other), _state.MayChange(owner, result, Other)));
        Assert.Equal((true, true), (_state.MayChange(owner, shared, Client), _state.MayChange(owner, result, Client)));
        Assert.False(_state.MayChange(owner with { Pool = PoolId.New() }, result, node));
    }
}
