using Actors.Checkers;

namespace Actors.Simulation.Tests.Checkers;

public sealed class LinearizabilityCheckerTests
{
    [Fact]
    public void FindViolation_ReadsSeeTheLastWrite_ReturnsNull() => Assert.Null(Check(
        Write(0, 1, 2, 7), Read(1, 3, 4, 7), Write(0, 5, 6, 8), Read(1, 7, 8, 8)));

    [Fact]
    public void FindViolation_ReadIsStale_DescribesIt()
    {
        var violation = Check(Write(0, 1, 2, 7), Write(0, 3, 4, 8), Read(1, 5, 6, 7));

        Assert.Contains("no order of the 3 operations", violation, StringComparison.Ordinal);
        Assert.Contains("process 1", violation, StringComparison.Ordinal);
    }

    [Fact]
    public void FindViolation_ConcurrentReadsSeeEitherValue_ReturnsNull() => Assert.Null(Check(
        Write(0, 1, 2, 7), Write(0, 3, 9, 8), Read(1, 4, 5, 7), Read(2, 6, 7, 8)));

    /// <summary>Once a read has seen the new value, no later read may see the old one.</summary>
    [Fact]
    public void FindViolation_ReadsSeeTheValueReturn_DescribesIt() => Assert.NotNull(Check(
        Write(0, 1, 2, 7), Write(0, 3, 9, 8), Read(1, 4, 5, 8), Read(2, 6, 7, 7)));

    [Fact]
    public void FindViolation_UnknownWriteTookEffectLate_ReturnsNull() => Assert.Null(Check(
        Write(0, 1, 2, 7), Write(0, 3, null, 8), Read(1, 4, 5, 7), Read(1, 6, 7, 8)));

    [Fact]
    public void FindViolation_UnknownWriteIsUndone_DescribesIt() => Assert.NotNull(Check(
        Write(0, 1, 2, 7), Write(0, 3, null, 8), Read(1, 4, 5, 8), Read(1, 6, 7, 7)));

    [Fact]
    public void FindViolation_TwoReplacesOfOneValueSucceed_DescribesIt() => Assert.NotNull(Check(
        Write(0, 1, 2, 7), Replace(1, 3, 6, 7, 8), Replace(2, 4, 5, 7, 9)));

    [Fact]
    public void FindViolations_OneKeyIsStale_NamesTheKey()
    {
        var history = new[] { Write(0, 1, 2, 7, "a"), Write(0, 3, 4, 8, "b"), Read(1, 5, 6, 7, "a"), Read(1, 7, 8, null, "b") };

        var violation = Assert.Single(LinearizabilityChecker.FindViolations(history, input => input.Key, new ValueModel()));
        Assert.StartsWith("Part 'b'", violation, StringComparison.Ordinal);
    }

    [Fact]
    public void FindViolation_ListKeepsItsOrder_ReturnsNull() => Assert.Null(LinearizabilityChecker.FindViolation(
        [
            List(1, 2, ListAction.Append, 0, 5, 0), List(3, 8, ListAction.Append, 0, 6, 0), List(4, 5, ListAction.Count, 0, 0, 2),
            List(6, 7, ListAction.RemoveAt, 0, 0, 5),
        ],
        new ListModel()));

    [Fact]
    public void FindViolation_ListLosesAnItem_DescribesIt() => Assert.NotNull(LinearizabilityChecker.FindViolation(
        [List(1, 2, ListAction.Append, 0, 5, 0), List(3, 4, ListAction.Append, 0, 6, 0), List(5, 6, ListAction.RemoveAt, 0, 0, 6)],
        new ListModel()));

    /// <summary>Compares with the plain definition: any order that respects time.</summary>
    [Fact]
    public void FindViolation_RandomHistories_AgreesWithAllOrders()
    {
        var random = new Random(1);
        var bad = 0;
        for (var i = 0; i < 3000; i++)
        {
            var history = CreateHistory(random);
            var isLinearizable = HasOrder(history, new ValueModel().InitialState);
            bad += isLinearizable ? 0 : 1;
            Assert.Equal(isLinearizable, LinearizabilityChecker.FindViolation(history, new ValueModel()) is null);
        }

        Assert.InRange(bad, 300, 2700);
    }

    private static List<HistoryOperation<ValueInput, ValueOutput>> CreateHistory(Random random)
    {
        var history = new List<HistoryOperation<ValueInput, ValueOutput>>();
        for (var i = 0; i < 6; i++)
        {
            var begin = random.Next(12);
            long? end = random.Next(6) == 0 ? null : begin + 1 + random.Next(6);
            history.Add(random.Next(3) switch
            {
                0 => Write(i, begin, end, random.Next(3)),
                1 => Read(i, begin, end, random.Next(4) is 3 ? null : random.Next(3)),
                _ => Replace(i, begin, end, random.Next(3), random.Next(3)),
            });
        }

        return history;
    }

    private static bool HasOrder(List<HistoryOperation<ValueInput, ValueOutput>> rest, ValueHeld state)
    {
        if (rest.All(operation => operation.ReturnedAt is null))
            return true;
        foreach (var first in rest.Where(first => !rest.Any(other => other.ReturnedAt < first.InvokedAt)))
        {
            var (next, output) = new ValueModel().ApplyOperation(state, first.Input);
            if ((first.ReturnedAt is null || output == first.Output) && HasOrder([.. rest.Where(other => other != first)], next))
                return true;
        }

        return false;
    }

    private static string? Check(params HistoryOperation<ValueInput, ValueOutput>[] history) =>
        LinearizabilityChecker.FindViolation(history, new ValueModel());

    private static HistoryOperation<ValueInput, ValueOutput> Write(long process, long begin, long? end, long value, string? key = null) =>
        new(process, begin, end, new ValueInput(ValueAction.Write, value, Key: key), new ValueOutput(true));

    private static HistoryOperation<ValueInput, ValueOutput> Read(long process, long begin, long? end, long? value, string? key = null) =>
        new(process, begin, end, new ValueInput(ValueAction.Read, Key: key), new ValueOutput(true, value));

    private static HistoryOperation<ValueInput, ValueOutput> Replace(long process, long begin, long? end, long expected, long value) =>
        new(process, begin, end, new ValueInput(ValueAction.Replace, value, expected), new ValueOutput(true, expected));

    private static HistoryOperation<ListInput, ListOutput> List(
        long begin, long end, ListAction action, int index, long item, long value) =>
        new(0, begin, end, new ListInput(action, index, item), new ListOutput(true, value));
}
