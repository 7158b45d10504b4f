using Actors.Coordinator.Bundles;
using Actors.Messages;
using Actors.Messages.Bundles;

namespace Actors.Coordinator.Tests.Bundles;

public class OfferStateTests
{
    private const string Client = "akka.tcp://actors@client:1";
    private static readonly BundleId Content = new(1, 1);
    private static readonly BundleId Bundle = new(2, 2);

    private readonly OfferState _offers = new(100 << 20);

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

    [Fact]
    public void Begin_AboveTheShareOfAClient_IsRefusedUntilTheClientIsGone()
    {
        Assert.Null(Begin(Client, 1, 50 << 20));
        Assert.Contains("--code-space", Begin(Client, 2, 1), StringComparison.Ordinal);
        Assert.Null(Begin("other", 3, 49 << 20));
        _offers.End(Client, new BundleId(8, 1));
        Assert.Null(_offers.Add(Client, 50 << 20, 0));
        Assert.NotNull(Begin(Client, 2, 1));

        _offers.Forget(Client);

        Assert.Null(Begin(Client, 2, 1));
    }

    [Fact]
    public void Begin_WithoutRoomForAll_IsRefused()
    {
        Assert.Contains("full", Begin(Client, 1, 10 << 20, stored: 91 << 20), StringComparison.Ordinal);
        Assert.Null(Begin(Client, 1, 10 << 20, stored: 90 << 20));
        Assert.NotNull(Begin("other", 2, 1, stored: 90 << 20));
        // The same content is stored once.
        Assert.Null(Begin("other", 1, 10 << 20, stored: 90 << 20));
    }

    [Fact]
    public void Add_OfManySmallFiles_IsRefused()
    {
        var added = 0;
        while (_offers.Add(Client, 1, 0) is null)
            added++;
        Assert.Equal((50 << 20) / (64 << 10), added);
        Assert.Null(_offers.Add("other", 1, 0));
    }

    [Fact]
    public void Forget_RemovesAllOfTheClient()
    {
        Offer(Bundle, 5);
        Offer(Bundle, 7, "other");
        Assert.Equal([Bundle], _offers.Forget(Client));
        Assert.Null(_offers.LengthOf(Client, Content));
        Assert.Equal(7, _offers.LengthOf("other", Content));
    }

    private string? Begin(string client, int content, long length, long stored = 0) =>
        _offers.Begin(client, new BundleId(8, (UInt128)content), [new BundleFile("file", new BundleId(7, (UInt128)content), length)], stored);

    private bool Offer(BundleId bundle, long length, string client = Client) => _offers.Begin(client, bundle, [new BundleFile("file", Content, length)], 0) is null;
}
