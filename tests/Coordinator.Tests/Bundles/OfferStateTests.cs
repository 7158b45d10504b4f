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
    public void FindLength_OfferedTwice_IsTheLongest()
    {
        Assert.Null(_offers.FindLength(Client, Content));
        Offer(Bundle, 5);
        Offer(new BundleId(3, 3), 7);
        Assert.Equal(7, _offers.FindLength(Client, Content));
        Assert.Equal([Bundle, new BundleId(3, 3)], _offers.FindBundles(Client, Content));
    }

    [Fact]
    public void FindLength_OfferRemoved_IsNull()
    {
        Offer(Bundle, 5);
        _offers.RemoveOffer(Client, Bundle);
        Assert.Null(_offers.FindLength(Client, Content));
        Assert.Empty(_offers.FindBundles(Client, Content));
    }

    [Fact]
    public void FindLength_OfferOfAnotherClient_IsNull()
    {
        Offer(Bundle, 5);
        Offer(Bundle, 7, "other");
        _offers.RemoveOffer("other", Bundle);
        Assert.Equal(5, _offers.FindLength(Client, Content));
        Assert.Null(_offers.FindLength("other", Content));
    }

    [Fact]
    public void AddOffer_TooManyOfOneClient_LeavesSlotsForOthers()
    {
        Assert.All(Enumerable.Range(0, 8), index => Assert.True(Offer(new BundleId(9, (UInt128)index), 1)));
        Assert.False(Offer(Bundle, 1));
        Assert.True(Offer(new BundleId(9, 0), 1));
        Assert.True(Offer(Bundle, 1, "other"));
    }

    [Fact]
    public void AddOffer_TooMany_IsRefusedUntilOneEnds()
    {
        Assert.All(Enumerable.Range(0, 64), index => Assert.True(Offer(new BundleId(9, (UInt128)index), 1, $"client {index}")));
        Assert.False(Offer(Bundle, 1));
        Assert.True(Offer(new BundleId(9, 0), 1, "client 0"));
        _offers.RemoveOffer("client 1", new BundleId(9, 1));
        Assert.True(Offer(Bundle, 1));
    }

    [Fact]
    public void AddOffer_AboveTheShareOfAClient_IsRefusedUntilItDisconnects()
    {
        Assert.Null(Begin(Client, 1, 50 << 20));
        Assert.Contains("--code-space", Begin(Client, 2, 1), StringComparison.Ordinal);
        Assert.Null(Begin("other", 3, 49 << 20));
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
        Assert.NotNull(Begin("other", 2, 1, stored: 90 << 20));
        // The same content is stored once.
        Assert.Null(Begin("other", 1, 10 << 20, stored: 90 << 20));
    }

    [Fact]
    public void AddFile_TooManySmallFiles_IsRefused()
    {
        var added = 0;
        while (_offers.AddFile(Client, 1, 0) is null)
            added++;
        Assert.Equal((50 << 20) / (64 << 10), added);
        Assert.Null(_offers.AddFile("other", 1, 0));
    }

    [Fact]
    public void RemoveClient_RemovesItsOffers()
    {
        Offer(Bundle, 5);
        Offer(Bundle, 7, "other");
        Assert.Equal([Bundle], _offers.RemoveClient(Client));
        Assert.Null(_offers.FindLength(Client, Content));
        Assert.Equal(7, _offers.FindLength("other", Content));
    }

    private string? Begin(string client, int content, long length, long stored = 0) =>
        _offers.AddOffer(client, new BundleId(8, (UInt128)content), [new BundleFile("file", new BundleId(7, (UInt128)content), length)],
            stored);

    private bool Offer(BundleId bundle, long length, string client = Client) =>
        _offers.AddOffer(client, bundle, [new BundleFile("file", Content, length)], 0) is null;
}
