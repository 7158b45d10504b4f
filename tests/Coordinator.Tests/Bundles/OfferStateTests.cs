using Actors.Coordinator.Bundles;
using Actors.Messages;
using Actors.Messages.Bundles;

namespace Actors.Coordinator.Tests.Bundles;

public class OfferStateTests
{
    private const string Client = "akka.tcp://actors@client:1";
    private static readonly BundleId Content = new(1, 1);
    private static readonly BundleId Bundle = new(2, 2);

    private readonly OfferState _offers = new();

    [Fact]
    public void LengthOf_WhatWasOffered_IsTheLongest()
    {
        Assert.Null(_offers.LengthOf(Client, Content));
        Offer(Bundle, 5);
        Offer(new BundleId(3, 3), 7);
        Assert.Equal(7, _offers.LengthOf(Client, Content));
        Assert.Equal([Bundle, new BundleId(3, 3)], _offers.Of(Client, Content));
    }

    [Fact]
    public void LengthOf_AfterTheEnd_IsNull()
    {
        Offer(Bundle, 5);
        _offers.End(Client, Bundle);
        Assert.Null(_offers.LengthOf(Client, Content));
        Assert.Empty(_offers.Of(Client, Content));
    }

    [Fact]
    public void Offers_OfAnotherClient_AreItsOwn()
    {
        Offer(Bundle, 5);
        Offer(Bundle, 7, "other");
        _offers.End("other", Bundle);
        Assert.Equal(5, _offers.LengthOf(Client, Content));
        Assert.Null(_offers.LengthOf("other", Content));
    }

    [Fact]
    public void Begin_OfTooManyByOneClient_LeavesRoomForOthers()
    {
        Assert.All(Enumerable.Range(0, 8), index => Assert.True(Offer(new BundleId(9, (UInt128)index), 1)));
        Assert.False(Offer(Bundle, 1));
        Assert.True(Offer(new BundleId(9, 0), 1));
        Assert.True(Offer(Bundle, 1, "other"));
    }

    [Fact]
    public void Begin_OfTooMany_IsRefusedUntilOneEnds()
    {
        Assert.All(Enumerable.Range(0, 64), index => Assert.True(Offer(new BundleId(9, (UInt128)index), 1, $"client {index}")));
        Assert.False(Offer(Bundle, 1));
        Assert.True(Offer(new BundleId(9, 0), 1, "client 0"));
        _offers.End("client 1", new BundleId(9, 1));
        Assert.True(Offer(Bundle, 1));
    }

    private bool Offer(BundleId bundle, long length, string client = Client) => _offers.Begin(client, bundle, [new BundleFile("file", Content, length)]);
}
