using Actors.Messages;
using Actors.Remoting.Bundles;

namespace Actors.Remoting.Tests.Bundles;

public class EvictionStateTests
{
    [Fact]
    public void TakeNext_SeveralBundles_ReturnsTheLeastRecentlyUsedFirst()
    {
        var state = new EvictionState([Stored(1, minute: 2, 10), Stored(2, minute: 3, 20), Stored(3, minute: 1, 30)], []);
        Assert.Equal(Id(3), state.TakeNext()!.Bundle);
        Assert.Equal(Id(1), state.TakeNext()!.Bundle);
        Assert.Equal(Id(2), state.TakeNext()!.Bundle);
        Assert.Null(state.TakeNext());
    }

    [Fact]
    public void RemoveBundle_SharedContent_StaysUntilTheLastBundleIsRemoved()
    {
        var (first, second) = (Stored(1, minute: 1, 10, 11), Stored(2, minute: 2, 11, 12));
        var state = new EvictionState([first, second], []);
        Assert.Equal([Id(10)], state.RemoveBundle(first));
        Assert.Equal([Id(11), Id(12)], state.RemoveBundle(second).Order(Comparer<BundleId>.Create((a, b) => a.Low.CompareTo(b.Low))));
    }

    [Fact]
    public void RemoveBundle_ContentOfARunningUpload_Stays()
    {
        var stored = Stored(1, minute: 1, 10, 11);
        Assert.Equal([Id(11)], new EvictionState([stored], [Id(10)]).RemoveBundle(stored));
    }

    private static StoredBundle Stored(int id, int minute, params int[] contents) =>
        new(Id(id), minute, contents.Select(Id).ToHashSet());

    private static BundleId Id(int number) => new(0, (UInt128)number);
}
