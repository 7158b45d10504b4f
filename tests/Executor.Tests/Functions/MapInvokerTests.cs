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
        Assert.Equal([1, 4, 9], Caller.Chunk<int>(CallEncoder.PrepareMap<int>(Functions.Square, Numbers)).Values!);
        Assert.Equal([1, 4, 9], Caller.Chunk<int>(CallEncoder.PrepareMap<int>(Functions.SquareAsync, Numbers)).Values!);
        Assert.Equal([11, 12, 13], Caller.Chunk<int>(CallEncoder.PrepareMap<int>(closure, Numbers)).Values!);
        Assert.Equal(["1", "2"], Caller.Chunk<string>(CallEncoder.PrepareMap<int>((int x) => $"{x}", [1, 2])).Values!);
        Assert.Empty(Caller.Chunk<int>(CallEncoder.PrepareMap<int>(Functions.Square, [])).Values!);
    }

    [Fact]
    public void Map_FunctionsWithoutResult_GivesNoValues()
    {
        Action<int> action = x => Functions.Runs += x;
        Assert.Equal(3, Caller.Chunk<Nothing>(CallEncoder.PrepareMap<int>(action, Numbers)).Values!.Length);
        Assert.Equal(3, Caller.Chunk<Nothing>(CallEncoder.PrepareMap<int>(Functions.RunAsync, Numbers)).Values!.Length);
    }

    [Fact]
    public void StarMap_Tuples_AreSpread()
    {
        var offset = 10;
        Func<int, string, string> two = (number, text) => text + (number + offset);
        (int, string)[] items = [(1, "a"), (2, "b")];
        Assert.Equal(["a11", "b12"], Caller.Chunk<string>(CallEncoder.PrepareStarMap<(int, string)>(two, items)).Values!);
        Func<int, int, int, Task<int>> three = (a, b, c) => Task.FromResult(a + b + c);
        Assert.Equal([6], Caller.Chunk<int>(CallEncoder.PrepareStarMap<(int, int, int)>(three, [(1, 2, 3)])).Values!);
        Action<int, string> none = (_, _) => { };
        Assert.Equal(2, Caller.Chunk<Nothing>(CallEncoder.PrepareStarMap<(int, string)>(none, items)).Values!.Length);
    }

    [Fact]
    public void Map_SomeItemsThrow_GivesEveryOutcome()
    {
        var chunk = Caller.Chunk<int>(CallEncoder.PrepareMap<int>(Functions.PositiveAsync, [5, -1, 7]));
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
        Assert.Throws<OperationCanceledException>(() => Caller.Invoke(CallEncoder.PrepareMap<int>(Functions.Square, Numbers), job.Token));
    }
}
