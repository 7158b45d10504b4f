using System.Collections;

namespace Actors.Coordinator.Pools;

/// <summary>
/// A list of jobs, linked through the jobs themselves: a pool may have millions, and a node for each would cost the garbage collector one
/// more object. A job is in one list at a time.
/// </summary>
public sealed class JobList : IReadOnlyCollection<Job>
{
    /// <summary>The first job; null for an empty list.</summary>
    public Job? First { get; private set; }

    /// <summary>The last job; null for an empty list.</summary>
    public Job? Last { get; private set; }

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>Adds a job that is in no list.</summary>
    public void AddFirst(Job job)
    {
        (job.Previous, job.Next) = (null, First);
        if (First is { } first)
            first.Previous = job;
        else
            Last = job;
        First = job;
        Count++;
    }

    /// <inheritdoc cref="AddFirst"/>
    public void AddLast(Job job)
    {
        (job.Previous, job.Next) = (Last, null);
        if (Last is { } last)
            last.Next = job;
        else
            First = job;
        Last = job;
        Count++;
    }

    /// <summary>Removes a job of this list.</summary>
    public void Remove(Job job)
    {
        var (previous, next) = (job.Previous, job.Next);
        if (previous is not null)
            previous.Next = next;
        else
            First = next;
        if (next is not null)
            next.Previous = previous;
        else
            Last = previous;
        (job.Previous, job.Next) = (null, null);
        Count--;
    }

    /// <summary>Enumerates the jobs, the first one first. The list must not change meanwhile.</summary>
    public IEnumerator<Job> GetEnumerator()
    {
        for (var job = First; job is not null; job = job.Next)
            yield return job;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
