using Actors.Messages.Nodes;
using CsCheck;

namespace Actors.Messages.Tests.Nodes;

public class FairSharesTests
{
    [Theory]
    [InlineData(new[] { 4 }, 10, new long[] { 4 })]
    [InlineData(new[] { 10, 1, 10 }, 9, new long[] { 4, 1, 4 })]
    [InlineData(new[] { 5, 5 }, 5, new long[] { 3, 2 })]
    [InlineData(new[] { 5, 5, 5 }, 1, new long[] { 1, 1, 1 })]
    public void Of_Wants_GivesLittleToWhoWantsLittleAndTheRestEqually(int[] wanted, int capacity, long[] shares) =>
        Assert.Equal(shares, FairShares.ComputeShares(wanted, capacity));

    [Fact]
    public void Of_AnyWants_GivesAllThatIsWantedAndThere() =>
        Gen.Select(Gen.Int[1, 50].Array[1, 10], Gen.Int[0, 200]).Sample((wanted, capacity) =>
    {
        var shares = FairShares.ComputeShares(wanted, capacity);
        Assert.All(shares.Zip(wanted), pair => Assert.InRange(pair.First, 1, pair.Second));
        if (capacity >= wanted.Length)
            Assert.Equal(Math.Min(capacity, wanted.Sum()), shares.Sum());
    });
}
