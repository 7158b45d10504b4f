namespace Actors.Testing.Tests;

public class ListReducerTests
{
    [Fact]
    public void Reduce_ThreeItemsAreNeeded_KeepsTheseAlone()
    {
        var trials = 0;

        var reduced = ListReducer.Reduce([.. Enumerable.Range(0, 100)], items =>
        {
            trials++;
            return items.Contains(3) && items.Contains(50) && items.Contains(97);
        });

        Assert.Equal([3, 50, 97], reduced);
        Assert.InRange(trials, 1, 150);
    }

    [Fact]
    public void Reduce_NoItemIsNeeded_ReturnsAnEmptyList() => Assert.Empty(ListReducer.Reduce([1, 2, 3], _ => true));

    [Fact]
    public void Reduce_AnyTwoItemsFail_KeepsTwo() => Assert.Equal(2, ListReducer.Reduce([1, 2, 3, 4, 5], items => items.Count >= 2).Count);

    [Fact]
    public void Reduce_LimitOfTrials_IsNotExceeded()
    {
        var trials = 0;

        ListReducer.Reduce([.. Enumerable.Range(0, 64)], items =>
        {
            trials++;
            return false;
        }, maxTrials: 5);

        Assert.Equal(5, trials);
    }
}
