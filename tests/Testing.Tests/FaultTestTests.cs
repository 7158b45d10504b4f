namespace Actors.Testing.Tests;

public sealed class FaultTestTests
{
    [Fact]
    public async Task ForSeedsAsync_RepeatableJobs_PassForAllSeeds()
    {
        var injected = 0;
        await FaultTest.ForSeedsAsync(1..200, async world =>
        {
            var pool = world.CreatePool();

            var results = await pool.MapAsync(Jobs.Square, Enumerable.Range(0, 30), chunkSize: 1);

            Assert.Equal(Enumerable.Range(0, 30).Select(Jobs.Square), results);
            await pool.CompleteAsync();
            world.AssertInvariants();
            injected += world.Plan.Injected.Count;
        });

        Assert.InRange(injected, 300, 1000);
    }

    [Fact]
    public async Task ForSeedsAsync_BugThatNeedsTwoFaults_NamesThemAlone()
    {
        var rules = FaultPlan.Create(0);
        for (var job = 1; job <= 12; job++)
            rules = rules.Add(FaultTrigger.OnJob(job), Fault.Delay(TimeSpan.FromSeconds(1)));
        rules = rules.Add(FaultTrigger.OnJob(3), Fault.Kill()).Add(FaultTrigger.OnJob(9), Fault.Kill(FaultMoment.AfterJob));

        var exception = await Assert.ThrowsAsync<FaultTestException>(() => FaultTest.ForSeedsAsync(
            [5, 6],
            async world =>
            {
                var pool = world.CreatePool();
                var jobs = Enumerable.Range(1, 12).Select(i => pool.ApplyAsync(Jobs.Square, i)).ToList();
                await Task.WhenAll(jobs);
                if (jobs[2].Attempts > 1 && jobs[8].Attempts > 1)
                    throw new InvalidDataException("both were retried");
            },
            rules));

        Assert.Equal(5, exception.Seed);
        Assert.Equal([(3, FaultKind.Kill), (9, FaultKind.Kill)], exception.Needed.Select(fault => (fault.JobId, fault.Fault.Kind)).Order());
        Assert.Contains("Seed 5 failed (repeat with ACTORS_SEED=5). InvalidDataException: both were retried", exception.Message,
            StringComparison.Ordinal);
        Assert.Contains("Faults that are needed (2 of 14):", exception.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(exception.InnerException);
    }

    [Fact]
    public async Task ForSeedsAsync_AnotherFailureWithFewerFaults_NamesTheFaultsOfTheFirst()
    {
        var rules = FaultPlan.Create(0)
            .Add(FaultTrigger.OnJob(3), Fault.Kill()).Add(FaultTrigger.OnJob(9), Fault.Kill(FaultMoment.AfterJob));

        var exception = await Assert.ThrowsAsync<FaultTestException>(() => FaultTest.ForSeedsAsync(
            [5],
            async world =>
            {
                var pool = world.CreatePool();
                var jobs = Enumerable.Range(1, 12).Select(i => pool.ApplyAsync(Jobs.Square, i)).ToList();
                await Task.WhenAll(jobs);
                var retried = jobs.Count(job => job.Attempts > 1);
                if (retried > 0)
                    throw new InvalidDataException(retried == 2 ? "both were retried" : "one was retried");
            },
            rules));

        Assert.Equal(2, exception.Needed.Count);
        Assert.Equal("both were retried", exception.InnerException!.Message);
    }

    [Fact]
    public async Task ForSeedsAsync_TestThatNeverEnds_Fails()
    {
        var exception = await Assert.ThrowsAsync<FaultTestException>(
            () => FaultTest.ForSeedsAsync(1..1, world => new TaskCompletionSource().Task));

        Assert.IsType<SimulationStuckException>(exception.InnerException);
    }

    [Fact]
    public async Task ForSeedsAsync_RaceBetweenJobs_IsFoundWithoutFaults()
    {
        var exception = await Assert.ThrowsAsync<FaultTestException>(() => FaultTest.ForSeedsAsync(
            1..50,
            async world =>
            {
                var recorded = Jobs.StartRecording();
                var pool = world.CreatePool(processes: 2);
                await pool.MapAsync(Jobs.RecordAndSquare, [1, 2], chunkSize: 1);
                Assert.Equal(["1", "2"], recorded);
            },
            FaultPlan.Create(0)));

        Assert.Empty(exception.Needed);
        Assert.Contains("No fault is needed", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForSeedsAsync_RangeFromTheEnd_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => FaultTest.ForSeedsAsync(1..^1, _ => Task.CompletedTask));
}
