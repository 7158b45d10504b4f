using Actors.Messages.Collections;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The jobs that wait for an executor. A job with a greater priority is next, among equals the oldest. Every <see cref="PriorityStep"/> of
/// waiting counts as much as one more priority, so that no job waits forever. The cost of a job depends on the number of different
/// priorities, not on the number of jobs.
/// </summary>
/// <remarks>
/// All jobs gain priority equally fast, so the order of two jobs never changes: a job ranks as if it had been submitted one step earlier
/// for each priority.
/// </remarks>
public sealed class WaitingJobs
{
    /// <summary>The waiting time that raises the priority by one.</summary>
    public static readonly TimeSpan PriorityStep = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, Level> _levels = new(SeededComparer<int>.Instance);

    // Without the next level: while one level is the next, its jobs leave it without any search.
    private readonly SortedSet<Level> _others = new(Comparer<Level>.Create(CompareLevels));

    private Level? _next;

    public int Count { get; private set; }

    /// <summary>The job that runs next. Null if none waits.</summary>
    public Job? First => _next?.Jobs.First;

    /// <summary>Adds a job that was just submitted.</summary>
    public void AddLast(Job job, TimeSpan now)
    {
        job.AcceptedAt = job.QueuedAt = now;
        var level = GetLevel(job);
        Count++;
        level.Jobs.AddLast(job);
        if (level.Jobs.First == job)
            PlaceLevel(level);
    }

    /// <summary>Returns a job before the others of its priority.</summary>
    public void AddFirst(Job job, TimeSpan now)
    {
        job.QueuedAt = now;
        var level = GetLevel(job);
        RemoveLevel(level);
        Count++;
        level.Jobs.AddFirst(job);
        PlaceLevel(level);
    }

    public void Remove(Job job)
    {
        var level = GetLevel(job);
        Count--;
        if (level.Jobs.First != job)
        {
            level.Jobs.Remove(job);
            return;
        }

        RemoveLevel(level);
        level.Jobs.Remove(job);
        PlaceLevel(level);
    }

    public void Clear()
    {
        _levels.Clear();
        _others.Clear();
        (_next, Count) = (null, 0);
    }

    private static int CompareLevels(Level left, Level right) => (left.Rank, right.Priority).CompareTo((right.Rank, left.Priority));

    private Level GetLevel(Job job)
    {
        var priority = job.Spec.Policy.Priority;
        if (!_levels.TryGetValue(priority, out var level))
            _levels[priority] = level = new Level(priority);
        return level;
    }

    /// <summary>Takes a level out of the order, before its first job changes.</summary>
    private void RemoveLevel(Level level)
    {
        if (level != _next)
            _others.Remove(level);
    }

    /// <summary>Puts a level into the order, after its first job has changed, and selects the next level.</summary>
    private void PlaceLevel(Level level)
    {
        if (level.Jobs.Count > 0 && level != _next)
            _others.Add(level);
        else if (level.Jobs.Count == 0 && level != _next)
            _levels.Remove(level.Priority);
        if (_others.Min is not { } best || (_next is not null && CompareLevels(best, _next) > 0))
            return;
        _others.Remove(best);
        if (_next is { Jobs.Count: > 0 })
            _others.Add(_next);
        else if (_next is not null)
            _levels.Remove(_next.Priority);
        _next = best;
    }

    /// <summary>The waiting jobs of one priority, the oldest first.</summary>
    private sealed class Level(int priority)
    {
        public int Priority => priority;

        public JobList Jobs { get; } = new();

        /// <summary>The rank of the first job; the lowest rank is next.</summary>
        public long Rank => Jobs.First?.Rank ?? long.MaxValue;
    }
}
