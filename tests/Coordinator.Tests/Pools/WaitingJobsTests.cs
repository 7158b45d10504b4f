using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using CsCheck;

namespace Actors.Coordinator.Tests.Pools;

public class WaitingJobsTests
{
    private static readonly FunctionRef Function = new("f", new byte[] { 1 });

    private readonly WaitingJobs _waiting = new();
    private long _last;

    [Fact]
    public void First_DifferentPriorities_IsTheGreatest()
    {
        Add(0, seconds: 0);
        Add(5, seconds: 1);
        Add(-3, seconds: 1);
        Add(5, seconds: 2);

        Assert.Equal([2, 4, 1, 3], TakeAll());
    }

    [Fact]
    public void First_WaitedOneStepPerPriority_IsTheOlder()
    {
        Add(0, seconds: 0);
        Add(3, seconds: 29);
        Add(3, seconds: 31);

        Assert.Equal([2, 1, 3], TakeAll());
    }

    [Fact]
    public void AddFirst_ReturnedJob_IsFirstOfItsPriority()
    {
        Add(1, seconds: 0);
        Add(1, seconds: 0);
        Add(2, seconds: 0);
        var returned = Take(3);
        var second = Take(1);

        _waiting.AddFirst(second, TimeSpan.Zero);
        _waiting.AddFirst(returned, TimeSpan.Zero);

        Assert.Equal([3, 1, 2], TakeAll());
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void First_AnyPriority_IsOrdered(int priority)
    {
        Add(priority, seconds: 1_000_000);
        Add(0, seconds: 1_000_000);

        Assert.Equal(priority > 0 ? [1, 2] : [2, 1], TakeAll());
    }

    /// <summary>Any operations leave the order of a plain sorted list.</summary>
    [Fact]
    public void AnyOperations_KeepTheOrderOfASortedList() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[-3, 3], Gen.Int[0, 30]).Array[0, 60].Sample(operations =>
        {
            var (waiting, model, sent, now) = (new WaitingJobs(), new List<Job>(), new List<Job>(), TimeSpan.Zero);
            foreach (var (kind, priority, argument) in operations)
            {
                now += TimeSpan.FromSeconds(argument);
                switch (kind)
                {
                    case 0 or 1:
                        var job = CreateJob(model.Count + sent.Count + 1, priority);
                        waiting.AddLast(job, now);
                        model.Add(job);
                        break;
                    case 2 when sent.Count > 0:
                        waiting.AddFirst(sent[^1], now);
                        model.Insert(0, sent[^1]);
                        sent.RemoveAt(sent.Count - 1);
                        break;
                    case 3 when model.Count > 0:
                        waiting.Remove(model[argument % model.Count]);
                        model.RemoveAt(argument % model.Count);
                        break;
                    case 4 or 5 when waiting.First is { } first:
                        waiting.Remove(first);
                        model.Remove(first);
                        sent.Add(first);
                        break;
                }

                Assert.Equal(model.Count, waiting.Count);
                Assert.Same(FindFirst(model), waiting.First);
            }
        });

    private static Job? FindFirst(List<Job> jobs) => jobs
        .GroupBy(job => job.Spec.Policy.Priority).Select(level => level.First())
        .OrderBy(job => job.Rank).ThenByDescending(job => job.Spec.Policy.Priority).FirstOrDefault();

    private static Job CreateJob(long id, int priority) =>
        new(new JobSpec(new JobId(id), Function, default, new JobPolicy(0, 3, priority)));

    private void Add(int priority, double seconds) => _waiting.AddLast(CreateJob(++_last, priority), TimeSpan.FromSeconds(seconds));

    private Job Take(long id)
    {
        var job = _waiting.First!;
        Assert.Equal(id, job.Id.Value);
        _waiting.Remove(job);
        return job;
    }

    private List<long> TakeAll()
    {
        var taken = new List<long>();
        for (; _waiting.First is { } job; _waiting.Remove(job))
            taken.Add(job.Id.Value);
        Assert.Equal(0, _waiting.Count);
        return taken;
    }
}
