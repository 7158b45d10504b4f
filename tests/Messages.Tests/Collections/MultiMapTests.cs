using Actors.Messages.Collections;

namespace Actors.Messages.Tests.Collections;

public sealed class MultiMapTests
{
    private readonly MultiMap<string, int> _map = new();

    [Fact]
    public void Add_Twice_KeepsOneValue()
    {
        Assert.True(_map.Add("a", 1));
        Assert.False(_map.Add("a", 1));
        Assert.True(_map.Add("a", 2));
        Assert.Equal([1, 2], _map["a"].Order());
    }

    [Fact]
    public void Remove_ValuesOfAKey_LeavesNothing()
    {
        _map.Add("a", 1);
        Assert.False(_map.Remove("a", 2));
        Assert.False(_map.Remove("b", 1));
        Assert.True(_map.Remove("a", 1));
        Assert.Empty(_map["a"]);
        Assert.True(_map.Add("a", 1));
    }

    [Fact]
    public void RemoveKey_ReturnsItsValues()
    {
        _map.Add("a", 1);
        _map.Add("b", 2);
        Assert.Equal([1], _map.RemoveKey("a"));
        Assert.Empty(_map.RemoveKey("a"));
        Assert.Equal([2], _map["b"]);
    }
}
