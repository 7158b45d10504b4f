using Actors.Messages.Functions;
using Actors.Messages.Values;

namespace Actors.Executor.Tests.Functions;

public class MapInvokerTests
{
    private static readonly int[] Numbers = [1, 2, 3];

    [Fact]
    public void Map_FunctionsOfEveryKind_GivesEveryResult()
    {
        var offset = 10;
        Func<int, int> closure = x => x + offset;
        Assert.Equal([1, 4, 9], Caller.Chunk<int>(CallEncoder.PrepareMap(Functions.Square, Caller.Items(Numbers))).Values!);
        Assert.Equal([1, 4, 9], Caller.Chunk<int>(CallEncoder.PrepareMap(Functions.SquareAsync, Caller.Items(Numbers))).Values!);
        Assert.Equal([11, 12, 13], Caller.Chunk<int>(CallEncoder.PrepareMap(closure, Caller.Items(Numbers))).Values!);
        Assert.Equal(["1", "2"], Caller.Chunk<string>(CallEncoder.PrepareMap((int x) => $"{x}", Caller.Items(1, 2))).Values!);
        Assert.Empty(Caller.Chunk<int>(CallEncoder.PrepareMap(Functions.Square, Caller.Items<int>())).Values!);
    }

    [Fact]
    public void Map_FunctionsWithoutResult_GivesNoValues()
    {
        Action<int> action = x => Functions.Runs += x;
        Assert.Equal(3, Caller.Chunk<Nothing>(CallEncoder.PrepareMap(action, Caller.Items(Numbers))).Values!.Length);
        Assert.Equal(3, Caller.Chunk<Nothing>(CallEncoder.PrepareMap(Functions.RunAsync, Caller.Items(Numbers))).Values!.Length);
    }

    [Fact]
    public void StarMap_Tuples_AreSpread()
    {
        var offset = 10;
        Func<int, string, string> two = (number, text) => text + (number + offset);
        (int, string)[] items = [(1, "a"), (2, "b")];
        Assert.Equal(["a11", "b12"], Caller.Chunk<string>(CallEncoder.PrepareStarMap(two, Caller.Items(items))).Values!);
        Func<int, int, int, Task<int>> three = (a, b, c) => Task.FromResult(a + b + c);
        Assert.Equal([6], Caller.Chunk<int>(CallEncoder.PrepareStarMap(three, Caller.Items((1, 2, 3)))).Values!);
        Action<int, string> none = (_, _) => { };
        Assert.Equal(2, Caller.Chunk<Nothing>(CallEncoder.PrepareStarMap(none, Caller.Items(items))).Values!.Length);
    }

    [Fact]
    public void Map_SomeItemsThrow_GivesEveryOutcome()
    {
        var chunk = Caller.Chunk<int>(CallEncoder.PrepareMap(Functions.PositiveAsync, Caller.Items(5, -1, 7)));
        Assert.Null(chunk.Values);
        Assert.Equal((0, 5, null), (chunk.Outcomes[0].Index, chunk.Outcomes[0].Value, chunk.Outcomes[0].Failure));
        Assert.Equal(typeof(ArgumentOutOfRangeException).FullName, chunk.Outcomes[1].Failure!.TypeName);
        Assert.Equal(7, chunk.Outcomes[2].Value);
    }

    [Fact]
    public void Map_CanceledJob_EndsAsAWhole()
    {
        using var job = new CancellationTokenSource();
        job.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => Caller.Invoke(CallEncoder.PrepareMap(Functions.Square, Caller.Items(Numbers)), job.Token));
    }

    [Fact]
    public void Map_NegativeStart_IsMalformed() => Assert.Throws<InvalidDataException>(
        () => Caller.Invoke(CallEncoder.PrepareMap(Functions.Square, Caller.Items(Numbers) with { Start = -1 })));
}
