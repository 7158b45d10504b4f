using Actors.Coordinator.Bundles;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting;

namespace Actors.Coordinator.Tests.Bundles;

public class OfferStateTests
{
    private static readonly HostPort Client = new("client", 1);
    private static readonly HostPort Other = new("other", 1);
    private static readonly BundleId Content = new(1, 1);
    private static readonly BundleId Bundle = new(2, 2);

    private readonly OfferState _offers = new(100 << 20);

    [Fact]
    public void FindContents_OfTwoOffers_AreThoseOfBoth()
    {
        Assert.Empty(_offers.FindContents(Client));
        Offer(Bundle, 5);
        Assert.Null(Begin(Client, 1, 5));
        Assert.Equal([Content, new BundleId(7, 1)], _offers.FindContents(Client));
    }

    [Fact]
    public void FindContents_OfferRemoved_AreThoseOfOtherOffers()
    {
        Offer(Bundle, 5);
        Offer(new BundleId(3, 3), 5);
        _offers.RemoveOffer(Client, Bundle);
        Assert.Equal([Content], _offers.FindContents(Client));
        _offers.RemoveOffer(Client, new BundleId(3, 3));
        Assert.Empty(_offers.FindContents(Client));
    }

    [Fact]
    public void FindContents_OfferOfAnotherClient_AreNotItsOwn()
    {
        Offer(Bundle, 5);
        Offer(Bundle, 7, Other);
        _offers.RemoveOffer(Other, Bundle);
        Assert.Equal([Content], _offers.FindContents(Client));
        Assert.Empty(_offers.FindContents(Other));
    }

    [Fact]
    public void AddOffer_TooManyOfOneClient_LeavesSlotsForOthers()
    {
        Assert.All(Enumerable.Range(0, 8), index => Assert.True(Offer(new BundleId(9, (UInt128)index), 1)));
        Assert.False(Offer(Bundle, 1));
        Assert.True(Offer(new BundleId(9, 0), 1));
        Assert.True(Offer(Bundle, 1, Other));
    }

    [Fact]
    public void AddOffer_TooMany_IsRefusedUntilOneEnds()
    {
        Assert.All(Enumerable.Range(0, 64), index => Assert.True(Offer(new BundleId(9, (UInt128)index), 1, CreateClient(index))));
        Assert.False(Offer(Bundle, 1));
        Assert.True(Offer(new BundleId(9, 0), 1, CreateClient(0)));
        _offers.RemoveOffer(CreateClient(1), new BundleId(9, 1));
        Assert.True(Offer(Bundle, 1));
    }

    /// <summary>One machine with many addresses kept all others from uploading code.</summary>
    [Fact]
    public void FindDisplaced_OneMachineHasMostOffers_IsItsOldest()
    {
        for (var index = 0; index < 64; index++)
        {
            Assert.Null(_offers.FindDisplaced(CreateClient(index), new BundleId(9, (UInt128)index), "machine"));
            Assert.True(Offer(new BundleId(9, (UInt128)index), 1, CreateClient(index)));
        }

        Assert.Null(_offers.FindDisplaced(CreateClient(64), Bundle, "machine"));
        Assert.Null(_offers.FindDisplaced(CreateClient(3), new BundleId(9, 3), "machine"));
        Assert.Equal((CreateClient(0), new BundleId(9, 0)), _offers.FindDisplaced(Client, Bundle, "another"));
        _offers.RemoveOffer(CreateClient(0), new BundleId(9, 0));
        Assert.True(Offer(Bundle, 1));
    }

    /// <summary>Many machines with one offer each are no flood of one.</summary>
    [Fact]
    public void FindDisplaced_EachMachineHasOne_IsNone()
    {
        for (var index = 0; index < 64; index++)
        {
            _offers.FindDisplaced(CreateClient(index), new BundleId(9, (UInt128)index), $"{index}");
            Assert.True(Offer(new BundleId(9, (UInt128)index), 1, CreateClient(index)));
        }

        Assert.Null(_offers.FindDisplaced(Client, Bundle, "another"));
    }

    [Fact]
    public void AddOffer_AboveTheShareOfAClient_IsRefusedUntilItDisconnects()
    {
        Assert.Null(Begin(Client, 1, 50 << 20));
        Assert.Contains("--code-space", Begin(Client, 2, 1), StringComparison.Ordinal);
        Assert.Null(Begin(Other, 3, 49 << 20));
        _offers.RemoveOffer(Client, new BundleId(8, 1));
        Assert.Null(_offers.AddFile(Client, 50 << 20, 0));
        Assert.NotNull(Begin(Client, 2, 1));

        _offers.RemoveClient(Client);

        Assert.Null(Begin(Client, 2, 1));
    }

    [Fact]
    public void AddOffer_WithoutSpace_IsRefused()
    {
        Assert.Contains("full", Begin(Client, 1, 10 << 20, stored: 91 << 20), StringComparison.Ordinal);
        Assert.Null(Begin(Client, 1, 10 << 20, stored: 90 << 20));
        Assert.NotNull(Begin(Other, 2, 1, stored: 90 << 20));
        // The same content is stored once.
        Assert.Null(Begin(Other, 1, 10 << 20, stored: 90 << 20));
    }

    [Fact]
    public void AddFile_TooManySmallFiles_IsRefused()
    {
        var added = 0;
        while (_offers.AddFile(Client, 1, 0) is null)
            added++;
        Assert.Equal((50 << 20) / (64 << 10), added);
        Assert.Null(_offers.AddFile(Other, 1, 0));
    }

    [Fact]
    public void RemoveClient_RemovesItsOffers()
    {
        Offer(Bundle, 5);
        Offer(Bundle, 7, Other);
        Assert.Equal([Bundle], _offers.RemoveClient(Client));
        Assert.Empty(_offers.FindContents(Client));
        Assert.Equal([Content], _offers.FindContents(Other));
    }

    private static HostPort CreateClient(int number) => new("client", 100 + number);

    private string? Begin(HostPort client, int content, long length, long stored = 0) =>
        _offers.AddOffer(client, new BundleId(8, (UInt128)content), [new BundleFile("file", new BundleId(7, (UInt128)content), length)],
            stored);

    private bool Offer(BundleId bundle, long length, HostPort? client = null) =>
        _offers.AddOffer(client ?? Client, bundle, [new BundleFile("file", Content, length)], 0) is null;
}
