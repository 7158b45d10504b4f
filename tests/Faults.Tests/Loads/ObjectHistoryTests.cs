using System.Diagnostics;

namespace Actors.Faults.Tests.Loads;

/// <summary>Recorded histories with a violation are found, and others are not.</summary>
public sealed class ObjectHistoryTests
{
    private readonly List<HistoryEvent> _steps = [];
    private TimeSpan _silence;

    [Fact]
    public void Queue_ItemReachesTwoConsumers_IsFound()
    {
        PutItem(run: 1, item: 1);
        TakeItem(run: 2, producer: 1, item: 1);
        TakeItem(run: 3, producer: 1, item: 1);

        Assert.Contains("both live", Assert.Single(Check("queue")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(7, 0)]
    public void Queue_FirstConsumerWasSilent_MayBeTakenForDead(int seconds, int violations)
    {
        PutItem(run: 1, item: 1);
        TakeItem(run: 2, producer: 1, item: 1);
        _silence = TimeSpan.FromSeconds(seconds);
        TakeItem(run: 3, producer: 1, item: 1);
        Add(2, HistoryStep.Get, "queue", 2);
        Add(2, HistoryStep.GotNone, "queue", 2);

        Assert.Equal(violations, Check("queue").Count);
    }

    [Fact]
    public void Queue_ItemIsMissing_IsFoundOnlyWhenTheQueueWasEmptied()
    {
        PutItem(run: 1, item: 1);

        Assert.Contains("reached no consumer", Assert.Single(Check("queue")), StringComparison.Ordinal);
        Assert.Empty(Check());
    }

    [Fact]
    public void Queue_ConsumerDiedDuringTheGet_MayHaveTakenTheItem()
    {
        PutItem(run: 1, item: 1);
        Add(2, HistoryStep.Get, "queue", 1);

        Assert.Empty(Check("queue", finished: [1]));
    }

    [Fact]
    public void Lock_TwoHolders_AreFoundUnlessTheFirstHasDied()
    {
        Add(1, HistoryStep.Acquired, "lock", 1);
        Add(2, HistoryStep.Acquired, "lock", 2);

        Assert.Contains("while caller 1 held it", Assert.Single(Check()), StringComparison.Ordinal);
        Assert.Empty(Check(finished: [2]));
    }

    [Fact]
    public void Semaphore_TooManyHolders_AreFound()
    {
        for (var run = 1; run <= SharedObjects.Permits + 1; run++)
            Add(run, HistoryStep.Acquired, "semaphore", 0);

        Assert.Contains("3 are held, of 2", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void Barrier_PassedByOneParty_IsFound()
    {
        Add(1, HistoryStep.Arrived, "barrier");
        Add(1, HistoryStep.Passed, "barrier", 0);

        Assert.Contains("after 1 arrivals", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void Value_StaleRead_IsFound()
    {
        Add(1, HistoryStep.Begin, "value", 1, (int)Checkers.ValueAction.Write, 5, null);
        Add(1, HistoryStep.End, "value", 1, 1, null);
        Add(2, HistoryStep.Begin, "value", 1, (int)Checkers.ValueAction.Read, null, null);
        Add(2, HistoryStep.End, "value", 1, 1, 0);

        Assert.StartsWith("value: ", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void List_LostItem_IsFound()
    {
        Add(1, HistoryStep.Begin, "list", 1, (int)Checkers.ListAction.Append, 0, 7);
        Add(1, HistoryStep.End, "list", 1, 1, 0);
        Add(2, HistoryStep.Begin, "list", 1, (int)Checkers.ListAction.Count, 0, 0);
        Add(2, HistoryStep.End, "list", 1, 1, 0);

        Assert.StartsWith("list: ", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void Line_CutOffByADeath_IsIgnored()
    {
        var line = new HistoryEvent(1, 2, HistoryStep.Begin, "key1", [1, 2, null]).ToLine();

        Assert.Equal(line, HistoryEvent.TryParse(line)!.ToLine());
        Assert.Null(HistoryEvent.TryParse(line[..^2]));
    }

    private void PutItem(long run, long item)
    {
        Add(run, HistoryStep.Put, "queue", item);
        Add(run, HistoryStep.PutDone, "queue", item);
    }

    private void TakeItem(long run, long producer, long item)
    {
        Add(run, HistoryStep.Get, "queue", item);
        Add(run, HistoryStep.Got, "queue", item, producer, item);
    }

    private void Add(long run, HistoryStep step, string target, params long?[] values) =>
        _steps.Add(new HistoryEvent(
            _steps.Count + (long)(_silence.TotalSeconds * Stopwatch.Frequency), run, step, target, values));

    private IReadOnlyList<string> Check(string? drained = null, long[]? finished = null)
    {
        var runs = finished ?? [.. _steps.Select(step => step.Run).Distinct()];
        var ends = runs.Select(run => new HistoryEvent(long.MaxValue, run, HistoryStep.Finished, "run", []));
        return new ObjectHistory([.. _steps, .. ends]).FindViolations(drained is null ? [] : [drained]);
    }
}
