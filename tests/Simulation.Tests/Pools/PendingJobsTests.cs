using Actors.Messages;
using Actors.Pools;
using Actors.Testing;

namespace Actors.Simulation.Tests.Pools;

public sealed class PendingJobsTests
{
    private readonly PendingJobs _jobs = new();

    [Fact]
    public void TryAdd_DuplicateId_ReturnsFalse()
    {
        Assert.True(_jobs.TryAdd(Job(1)));
        Assert.False(_jobs.TryAdd(Job(1)));
        Assert.Equal(1, _jobs.Count);
    }

    [Fact]
    public void TryRemove_ExistingJob_ReturnsAndRemovesIt()
    {
        var job = Job(1);
        _jobs.TryAdd(job);
        _jobs.TryAdd(Job(2));

        Assert.Same(job, _jobs.FindJob(1));
        Assert.True(_jobs.TryRemove(1, out var taken));
        Assert.Same(job, taken);
        Assert.False(_jobs.TryRemove(1, out _));
        Assert.Null(_jobs.FindJob(1));
        Assert.Equal([2], _jobs.All.Select(left => left.Id.Value));
    }

    /// <summary>Each job has one end, however many would end it.</summary>
    [Fact]
    public async Task TryRemove_Concurrently_RemovesEachOnce()
    {
        const int Jobs = 10_000;
        for (var id = 1; id <= Jobs; id++)
            _jobs.TryAdd(Job(id));

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () => Enumerable.Range(1, Jobs).Count(id => _jobs.TryRemove(id, out var _)))));

        Assert.Equal(Jobs, taken.Sum());
        Assert.Empty(_jobs.All);
    }

    private static PendingCall<int> Job(long id) => new() { Id = new JobId(id) };
}
