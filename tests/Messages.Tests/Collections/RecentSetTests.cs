using Actors.Messages.Collections;

namespace Actors.Messages.Tests.Collections;

public sealed class RecentSetTests
{
    [Fact]
    public void Add_AboveTheCapacity_RemovesTheOldest()
    {
        var set = new RecentSet<int>(3);
        foreach (var value in new[] { 1, 2, 2, 3, 1, 4 })
            set.Add(value);
        Assert.Equal([2, 3, 4], Enumerable.Range(0, 6).Where(set.Contains));
    }
}
