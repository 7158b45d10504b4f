using Actors.Coordinator.Bundles;
using Actors.Messages;
using Actors.Messages.Bundles;

namespace Actors.Coordinator.Tests.Bundles;

public class OfferStateTests
{
    private static readonly BundleId Content = new(1, 1);
    private static readonly BundleId Bundle = new(2, 2);

    private readonly OfferState _offers = new();

    [Fact]
    public void LengthOf_WhatWasOffered_IsTheLongest()
    {
        Assert.Null(_offers.LengthOf(Content));
        Offer(Bundle, 5);
        Offer(new BundleId(3, 3), 7);
        Assert.Equal(7, _offers.LengthOf(Content));
        Assert.Equal([Bundle, new BundleId(3, 3)], _offers.Of(Content));
    }

    [Fact]
    public void LengthOf_AfterTheEnd_IsNull()
    {
        Offer(Bundle, 5);
        _offers.End(Bundle);
        Assert.Null(_offers.LengthOf(Content));
        Assert.Empty(_offers.Of(Content));
    }

    [Fact]
    public void Begin_OfTooMany_IsRefusedUntilOneEnds()
    {
        Assert.All(Enumerable.Range(0, 64), index => Assert.True(Offer(new BundleId(9, (UInt128)index), 1)));
        Assert.False(Offer(Bundle, 1));
        Assert.True(Offer(new BundleId(9, 0), 1));
        _offers.End(new BundleId(9, 1));
        Assert.True(Offer(Bundle, 1));
    }

    private bool Offer(BundleId bundle, long length) => _offers.Begin(bundle, [new BundleFile("file", Content, length)]);
}
