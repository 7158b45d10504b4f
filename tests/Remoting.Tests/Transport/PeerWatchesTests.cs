using System.Text;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Tests.Transport;

public sealed class PeerWatchesTests
{
    private const int Limit = 3;

    private readonly HashSet<string> _ended = [];
    private readonly List<string> _released = [];
    private readonly WatchTotal _total = new(2 * WatchTotal.Guaranteed);
    private readonly PeerWatches _watches;

    public PeerWatchesTests() => _watches = CreateWatches(Limit);

    [Fact]
    public void TryAdd_AboveTheLimit_IsRefused()
    {
        Assert.True(Add("/user/a", "x"));
        Assert.True(Add("/user/a", "y"));
        Assert.True(Add("/user/b", "x"));

        Assert.False(Add("/user/c", "x"));
    }

    [Fact]
    public void TryAdd_AfterRemoval_IsAccepted()
    {
        Fill("/user/a");

        Remove("/user/a", "1");

        Assert.True(Add("/user/b", "x"));
        Assert.False(Add("/user/b", "y"));
    }

    [Fact]
    public void TryAdd_SameWatchAgain_CountsOnce()
    {
        for (var repeat = 0; repeat < 2 * Limit; repeat++)
            Assert.True(Add("/user/a", "x"));

        Assert.True(Add("/user/a", "y"));
        Assert.True(Add("/user/a", "z"));
        Assert.False(Add("/user/b", "x"));
    }

    /// <summary>The framework ignores the end of a watch that it does not know. A count of these undid the limit.</summary>
    [Theory]
    [InlineData("/user/a", "none")]
    [InlineData("/user/none", "0")]
    public void Remove_UnknownWatch_ChangesNothing(string watched, string watcher)
    {
        Remove(watched, watcher);
        Fill("/user/a");
        Remove(watched, watcher);

        Assert.False(Add("/user/b", "x"));
    }

    [Fact]
    public void Remove_OtherNumberOfTheWatchedActor_ChangesNothing()
    {
        Fill("/user/a");

        _watches.Remove("/user/a", "/user/a#2"u8, "0"u8);

        Assert.False(Add("/user/b", "x"));
    }

    [Fact]
    public void TryAdd_LongPathOfAWatcher_CountsAsSeveral()
    {
        Assert.True(Add("/user/a", new string('x', Limit * PeerWatches.LongPath)));

        Assert.False(Add("/user/a", "y"));
    }

    [Fact]
    public void TryAdd_WatchedActorsHaveEnded_DoNotCount()
    {
        Fill("/user/ended");
        _ended.Add("/user/ended");

        Fill("/user/b");
        Assert.False(Add("/user/b", "x"));
    }

    /// <summary>An actor whose watches were counted down may still have them in the framework.</summary>
    [Fact]
    public void EndAll_ReleasesEachWatchedActorOnce()
    {
        Add("/user/a", "x");
        Add("/user/a", "y");
        Add("/user/b", "x");
        Remove("/user/b", "x");

        _watches.EndAll();

        Assert.Equal(["/user/a", "/user/b"], _released.Order());
        Assert.Equal(0, _total.Count);
        Fill("/user/c");
    }

    /// <summary>The paths of watched actors stay, so they count.</summary>
    [Fact]
    public void Remove_LastWatcher_LeavesTheWatchedActorCounted()
    {
        for (var actor = 0; actor < Limit; actor++)
        {
            Assert.True(Add($"/user/{actor}", "x"));
            Remove($"/user/{actor}", "x");
        }

        Assert.False(Add("/user/more", "x"));
    }

    [Fact]
    public void TryAdd_TotalIsFull_LeavesAFewToEachAddress()
    {
        var (greedy, other) = (CreateWatches(int.MaxValue), CreateWatches(int.MaxValue));

        Assert.Equal(2 * WatchTotal.Guaranteed, AddUntilRefused(greedy));

        Assert.Equal(WatchTotal.Guaranteed, AddUntilRefused(other));
        greedy.EndAll();
        Assert.Equal(WatchTotal.Guaranteed, AddUntilRefused(other, "/user/b"));
    }

    private static int AddUntilRefused(PeerWatches watches, string watched = "/user/a")
    {
        var count = 0;
        while (watches.TryAdd(watched, "/user/a#1"u8, BitConverter.GetBytes(count)))
            count++;
        return count;
    }

    private PeerWatches CreateWatches(int limit) => new(limit, _total, path => !_ended.Contains(path), _released.Add);

    private void Fill(string watched)
    {
        for (var watcher = 0; watcher < Limit; watcher++)
            Assert.True(Add(watched, $"{watcher}"));
    }

    private bool Add(string watched, string watcher) =>
        _watches.TryAdd(watched, Encoding.UTF8.GetBytes(watched + "#1"), Encoding.UTF8.GetBytes(watcher));

    private void Remove(string watched, string watcher) =>
        _watches.Remove(watched, Encoding.UTF8.GetBytes(watched + "#1"), Encoding.UTF8.GetBytes(watcher));
}
