using Actors.Remoting.Transport;

namespace Actors.Remoting.Tests.Transport;

public sealed class PeerWatchesTests
{
    private readonly HashSet<string> _ended = [];
    private readonly PeerWatches _watches;

    public PeerWatchesTests() => _watches = new PeerWatches(3, path => !_ended.Contains(path));

    [Fact]
    public void TryAdd_AboveTheLimit_IsRefused()
    {
        Assert.True(_watches.TryAdd("/user/a"));
        Assert.True(_watches.TryAdd("/user/a"));
        Assert.True(_watches.TryAdd("/user/b"));

        Assert.False(_watches.TryAdd("/user/c"));
    }

    [Fact]
    public void TryAdd_AfterRemoval_IsAccepted()
    {
        for (var watch = 0; watch < 3; watch++)
            _watches.TryAdd("/user/a");

        _watches.Remove("/user/a");

        Assert.True(_watches.TryAdd("/user/b"));
        Assert.False(_watches.TryAdd("/user/b"));
    }

    [Fact]
    public void Remove_UnknownActor_ChangesNothing()
    {
        _watches.Remove("/user/a");
        for (var watch = 0; watch < 3; watch++)
            Assert.True(_watches.TryAdd("/user/a"));

        Assert.False(_watches.TryAdd("/user/a"));
    }

    [Fact]
    public void TryAdd_WatchedActorsHaveEnded_DoNotCount()
    {
        for (var watch = 0; watch < 3; watch++)
            _watches.TryAdd("/user/ended");
        _ended.Add("/user/ended");

        for (var watch = 0; watch < 3; watch++)
            Assert.True(_watches.TryAdd("/user/b"));
        Assert.False(_watches.TryAdd("/user/b"));
    }
}
