using CsCheck;

namespace Actors.Multiprocessing.Tests.Linearizability;

/// <summary>The checker must reject impossible histories and accept possible ones.</summary>
public sealed class CheckerTests
{
    private static readonly QueueModel Queue = new(QueueModel.Oldest);
    private static readonly ValueModel Value = new("0");

    [Fact]
    public void Refute_OldValueReadDuringASet_ReturnsNull() => Assert.Null(Linearizability.Refute(
        Value, [Call(1, "set", "1", "done", 1, 10), Call(2, "get", "", "0", 2, 3), Call(3, "get", "", "1", 4, 5)]));

    [Fact]
    public void Refute_OldValueAfterTheNewOne_ReturnsAReason() => Assert.NotNull(Linearizability.Refute(
        Value, [Call(1, "set", "1", "done", 1, 10), Call(2, "get", "", "1", 2, 3), Call(3, "get", "", "0", 4, 5)]));

    [Fact]
    public void Refute_StaleRead_ReturnsAReason() => Assert.NotNull(Linearizability.Refute(
        Value, [Call(1, "set", "1", "done", 1, 2), Call(2, "get", "", "0", 3, 4)]));

    [Fact]
    public void Refute_ItemTakenTwice_ReturnsAReason() => Assert.NotNull(Linearizability.Refute(
        Queue, [Call(1, "put", "1", "done", 1, 2), Call(2, "get", "", "1", 3, 6), Call(3, "get", "", "1", 4, 5)]));

    [Fact]
    public void Refute_LostItem_ReturnsAReason() => Assert.NotNull(Linearizability.Refute(
        Queue, [Call(1, "put", "1", "done", 1, 2), Call(2, "get", "", "empty", 3, 4)]));

    [Fact]
    public void Refute_ItemsInTheWrongOrder_ReturnsAReason() => Assert.NotNull(Linearizability.Refute(
        Queue,
        [
            Call(1, "put", "1", "done", 1, 2), Call(1, "put", "2", "done", 3, 4),
            Call(2, "get", "", "2", 5, 6), Call(2, "get", "", "1", 7, 8),
        ]));

    [Fact]
    public void Refute_ItemOfAKilledClientReturnsOnce_ReturnsNull() => Assert.Null(Linearizability.Refute(
        Queue,
        [
            Call(1, "put", "1", "done", 1, 2), Call(1, "put", "2", "done", 3, 4), Call(3, "get", "", null, 5, long.MaxValue),
            Operation.DeathOf(3, 5), Call(2, "get", "", "2", 6, 7), Call(2, "get", "", "1", 8, 9),
        ]));

    [Fact]
    public void Refute_ItemOfAKilledClientReturnsTwice_ReturnsAReason() => Assert.NotNull(Linearizability.Refute(
        Queue,
        [
            Call(1, "put", "1", "done", 1, 2), Call(3, "get", "", null, 5, long.MaxValue), Operation.DeathOf(3, 5),
            Call(2, "get", "", "1", 6, 7), Call(2, "get", "", "1", 8, 9),
        ]));

    [Fact]
    public void Refute_TwoHoldersOfALock_ReturnsAReason() => Assert.NotNull(Linearizability.Refute(
        new LockModel(), [Call(1, "acquire", "", "1", 1, 2), Call(2, "acquire", "", "2", 3, 4), Call(1, "release", "", "done", 5, 6)]));

    [Fact]
    public void Refute_TooManyHoldersOfASemaphore_ReturnsAReason() => Assert.NotNull(Linearizability.Refute(
        new SemaphoreModel(1), [Call(1, "acquire", "", "held", 1, 2), Call(2, "acquire", "", "held", 3, 4)]));

    /// <summary>Accepts every history in which each call takes effect at one moment, and agrees with a search of all orders.</summary>
    [Fact]
    public void Refute_AnyShortHistory_AgreesWithExhaustiveSearch() => Histories.Sample(
        history => Assert.Equal(
            Orders(history).Any(order => Runs(order, 0, Value.Initial)), Linearizability.Refute(Value, history) is null),
        iter: 2_000);

    private static Gen<Operation[]> Histories =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[1, 8], Gen.Int[0, 2], Gen.Int[0, 3]).Array[0, 6].Select(calls => calls
            .Select((call, client) => call.Item4 == 0
                ? Call(client, "set", $"{call.Item3}", "done", call.Item1, call.Item1 + call.Item2)
                : Call(client, "get", "", $"{call.Item3}", call.Item1, call.Item1 + call.Item2)).ToArray());

    private static IEnumerable<Operation[]> Orders(Operation[] rest)
    {
        if (rest.Length == 0)
            yield return [];
        foreach (var first in rest.Where(first => rest.All(other => other.Returned >= first.Invoked)))
        {
            foreach (var order in Orders([.. rest.Where(other => other != first)]))
                yield return [first, .. order];
        }
    }

    private static bool Runs(Operation[] order, int from, string state) =>
        from == order.Length || Value.After(state, order[from]).Any(next => Runs(order, from + 1, next));

    private static Operation Call(int client, string name, string argument, string? result, long invoked, long returned) =>
        new(client, name, argument, result, invoked, returned);
}
