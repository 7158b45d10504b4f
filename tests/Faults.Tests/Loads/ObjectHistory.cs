using System.Diagnostics;
using Actors.Checkers;
using Actors.Messages;

namespace Actors.Faults.Tests.Loads;

/// <summary>Checks the recorded calls of many processes on shared objects.</summary>
/// <param name="steps">The steps of all runs in the order of time.</param>
internal sealed class ObjectHistory(IReadOnlyList<HistoryEvent> steps)
{
    /// <summary>The last step of each run that did not end by itself: its process has died by then.</summary>
    private readonly Dictionary<long, HistoryEvent> _lastOfDead = steps.GroupBy(step => step.Run)
        .Where(run => run.All(step => step.Step != HistoryStep.Finished)).ToDictionary(run => run.Key, run => run.Last());

    /// <summary>Gets the number of steps.</summary>
    public int Steps => steps.Count;

    /// <summary>Gets the number of runs whose process died.</summary>
    public int DeadRuns => _lastOfDead.Count;

    /// <summary>Finds the violations of all promises.</summary>
    /// <param name="drained">The queues that were emptied after the last fault; no item of them may be missing.</param>
    public IReadOnlyList<string> FindViolations(params string[] drained) =>
    [
        .. Targets("queue", "durable").SelectMany(target => FindQueueViolations(target, drained.Contains(target))),
        .. FindLockViolations(), .. FindSemaphoreViolations(), .. FindBarrierViolations(), .. FindValueViolations(),
        .. FindListViolations(),
    ];

    private IEnumerable<string> Targets(params string[] names) => names.Where(name => steps.Any(step => step.Object == name));

    private IEnumerable<HistoryEvent> Of(string target) => steps.Where(step => step.Object == target);

    /// <summary>Replays the steps of an object, and the deaths of processes at the time of their last step of any object.</summary>
    private void Replay(string target, Action<HistoryEvent> apply, Action<long> recordDeath)
    {
        foreach (var step in steps)
        {
            if (step.Object == target)
                apply(step);
            if (_lastOfDead.TryGetValue(step.Run, out var last) && ReferenceEquals(last, step))
                recordDeath(step.Run);
        }
    }

    private IEnumerable<string> FindQueueViolations(string target, bool isDrained)
    {
        var queue = new QueueHistory();
        var gets = new Dictionary<(long, long), long>();
        var silent = FindSilentGets(target).ToHashSet();
        Replay(target, Apply, queue.RecordDeath);

        // A consumer that died during a get may have received the item and not recorded it.
        var swallowed = gets.Keys.Count(get => _lastOfDead.ContainsKey(get.Item1));
        var lost = queue.FindViolations().Where(violation => violation.EndsWith("reached no consumer.", StringComparison.Ordinal)).ToList();
        var others = queue.FindViolations().Except(lost);
        return (isDrained && lost.Count > swallowed ? others.Concat(lost) : others).Select(violation => $"{target}: {violation}");

        void Apply(HistoryEvent step)
        {
            switch (step.Step)
            {
                case HistoryStep.Put: queue.RecordPut(new QueueHistoryItem(step.Run, step.A)); break;
                case HistoryStep.PutDone: queue.RecordAcknowledgment(new QueueHistoryItem(step.Run, step.A)); break;
                case HistoryStep.Get: gets[(step.Run, step.A)] = queue.RecordGet(); break;
                case HistoryStep.GotNone: gets.Remove((step.Run, step.A)); break;
                case HistoryStep.Got:
                    queue.RecordDelivery(
                        new QueueHistoryItem(step.B, step.C!.Value), step.Run, gets[(step.Run, step.A)],
                        silent.Contains((step.Run, step.A)));
                    gets.Remove((step.Run, step.A));
                    break;
            }
        }
    }

    /// <summary>
    /// Finds the gets after whose items no call of the run returned for the time of a caller's lease. Its process was cut off, and did not
    /// confirm the item.
    /// </summary>
    private IEnumerable<(long Run, long Get)> FindSilentGets(string target)
    {
        foreach (var run in Of(target).Where(step => step.Step is HistoryStep.Got or HistoryStep.GotNone).GroupBy(step => step.Run))
        {
            foreach (var (got, next) in run.Zip(run.Skip(1)))
            {
                if (Stopwatch.GetElapsedTime(got.At, next.At) >= ProtocolTimes.CallerLease)
                    yield return (got.Run, got.A);
            }
        }
    }

    private IReadOnlyList<string> FindLockViolations()
    {
        var held = new LockHistory();
        Replay("lock", Apply, held.RecordDeath);
        return held.Violations;

        void Apply(HistoryEvent step)
        {
            if (step.Step == HistoryStep.Acquired)
                held.RecordAcquisition(step.Run, step.A);
            else
                held.RecordRelease(step.Run);
        }
    }

    private IReadOnlyList<string> FindSemaphoreViolations()
    {
        var held = new SemaphoreHistory(SharedObjects.Permits);
        Replay("semaphore", Apply, held.RecordDeath);
        return held.Violations;

        void Apply(HistoryEvent step)
        {
            if (step.Step == HistoryStep.Acquired)
                held.RecordAcquisition(step.Run);
            else
                held.RecordRelease(step.Run);
        }
    }

    private IReadOnlyList<string> FindBarrierViolations()
    {
        var barrier = new BarrierHistory(BarrierRun.Parties);
        foreach (var step in Of("barrier"))
        {
            if (step.Step == HistoryStep.Arrived)
                barrier.RecordArrival(step.Run);
            else if (step.Step == HistoryStep.Passed)
                barrier.RecordPass(step.Run, step.A);
        }

        return barrier.Violations;
    }

    private IEnumerable<string> FindValueViolations() =>
        from target in steps.Where(step => step.Step == HistoryStep.Begin && step.Object != "list").Select(step => step.Object).Distinct()
        let history = ReadOperations(
            target, step => new ValueInput((ValueAction)step.B, step.C, step.D), step => new ValueOutput(step.B == 1, step.C))
        let violation = LinearizabilityChecker.FindViolation(history, new VisibleValueModel(target == "value" ? 0 : null))
        where violation is not null
        select $"{target}: {violation}";

    private IEnumerable<string> FindListViolations()
    {
        var history = ReadOperations(
            "list", step => new ListInput((ListAction)step.B, (int)step.C!.Value, step.D!.Value),
            step => new ListOutput(step.B == 1, step.C ?? 0));
        return LinearizabilityChecker.FindViolation(history, new ListModel()) is { } violation ? [$"list: {violation}"] : [];
    }

    private List<HistoryOperation<TInput, TOutput>> ReadOperations<TInput, TOutput>(
        string target, Func<HistoryEvent, TInput> readInput, Func<HistoryEvent, TOutput> readOutput)
    {
        var ends = Of(target).Where(step => step.Step == HistoryStep.End).ToDictionary(step => (step.Run, step.A));
        return
        [
            .. from step in Of(target)
               where step.Step == HistoryStep.Begin
               let end = ends.GetValueOrDefault((step.Run, step.A))
               select new HistoryOperation<TInput, TOutput>(
                   step.Run, step.At, end?.At, readInput(step), end is null ? default : readOutput(end)),
        ];
    }
}
