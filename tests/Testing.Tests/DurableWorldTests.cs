using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Testing.Tests;

/// <summary>Durable pools in simulated worlds.</summary>
public sealed class DurableWorldTests
{
    private static readonly FaultPlan NoFaults = FaultPlan.Create(0);
    private static readonly PoolOptions Payments = new() { DurableName = "payments" };

    [Fact]
    public Task StartPoolAsync_DurablePool_RunsJobs() => FaultTest.ForSeedsAsync(
        1..5,
        async world =>
        {
            var pool = await world.StartPoolAsync(options: Payments);

            var results = await pool.MapAsync(Jobs.Square, Enumerable.Range(0, 30), chunkSize: 1);

            Assert.Equal(Enumerable.Range(0, 30).Select(Jobs.Square), results);
            Assert.Equal(30, (await pool.CompleteAsync()).Succeeded);
        });

    [Fact]
    public Task RestartCoordinator_AcceptedJobs_EndOnce() => FaultTest.ForSeedsAsync(
        1..50,
        async world =>
        {
            var pool = await world.StartPoolAsync(options: Payments);
            var jobs = new List<JobHandle<int>>();
            for (var i = 0; i < 10; i++)
                jobs.Add(await pool.SubmitAsync(SquareLaterAsync, i));

            world.Inject(Fault.RestartCoordinator(TimeSpan.FromSeconds(world.Random.Next(1, 30))));

            for (var i = 0; i < jobs.Count; i++)
                Assert.Equal(i * i, await jobs[i]);
            world.AssertInvariants();
        });

    [Fact]
    public Task RestartCoordinator_RunningAtMostOnceJob_IsLost() => FaultTest.ForSeedsAsync(
        1..20,
        async world =>
        {
            var pool = await world.StartPoolAsync(options: Payments);
            var job = await pool.SubmitAsync(SquareLaterAsync, 3, JobOptions.AtMostOnce);
            await Task.Delay(TimeSpan.FromSeconds(1), world.Clock);

            world.Inject(Fault.RestartCoordinator(TimeSpan.FromSeconds(2)));

            await Assert.ThrowsAsync<WorkerLostException>(async () => await job);
        },
        NoFaults);

    [Theory]
    [InlineData(FaultKind.FailWrites)]
    [InlineData(FaultKind.FillDisk)]
    public Task StoreFails_JobsAreSubmitted_AreAcceptedWhenItWorksAgain(FaultKind kind) => FaultTest.ForSeedsAsync(
        1..50,
        async world =>
        {
            var pool = await world.StartPoolAsync(options: Payments);
            var time = TimeSpan.FromSeconds(world.Random.Next(1, 20));
            world.Inject(kind == FaultKind.FillDisk ? Fault.FillDisk(time) : Fault.FailWrites(time, 0.5));

            var jobs = Enumerable.Range(0, 10).Select(i => pool.SubmitAsync(Jobs.Square, i)).ToList();
            var handles = await Task.WhenAll(jobs);

            for (var i = 0; i < handles.Length; i++)
                Assert.Equal(i * i, await handles[i]);
            if (kind == FaultKind.FillDisk)
                Assert.True(world.Clock.Elapsed > time);
        },
        NoFaults);

    [Fact]
    public Task StartPoolAsync_FullDisk_Throws() => FaultTest.ForSeedsAsync(
        1..1,
        async world =>
        {
            world.Inject(Fault.FillDisk(TimeSpan.FromSeconds(5)));

            var exception = await Assert.ThrowsAsync<DurableStoreException>(() => world.StartPoolAsync(options: Payments));

            Assert.Contains("The disk is full", exception.Message, StringComparison.Ordinal);
            await Task.Delay(TimeSpan.FromSeconds(10), world.Clock);
            Assert.Equal(9, await (await world.StartPoolAsync(options: Payments)).ApplyAsync(Jobs.Square, 3));
        },
        NoFaults);

    [Fact]
    public Task Attach_JobOfAProgramThatHasLeft_ReturnsItsResult() => FaultTest.ForSeedsAsync(
        1..20,
        async world =>
        {
            long id;
            await using (var first = await world.StartPoolAsync(options: Payments))
                id = (await first.SubmitAsync(SquareLaterAsync, 3)).Id;
            world.Inject(Fault.RestartCoordinator(TimeSpan.FromSeconds(2)));

            var second = await world.StartPoolAsync(options: Payments);

            Assert.Equal(9, await second.Attach<int>(id));
        });

    [Theory]
    [InlineData(ResultAcknowledgment.WhenReceived, false)]
    [InlineData(ResultAcknowledgment.Explicit, true)]
    public Task Attach_ReceivedResult_IsRetainedUntilItIsAcknowledged(ResultAcknowledgment acknowledgment, bool isRetained) =>
        FaultTest.ForSeedsAsync(
            1..5,
            async world =>
            {
                var options = Payments with { Acknowledgment = acknowledgment };
                var pool = await world.StartPoolAsync(options: options);
                var job = await pool.SubmitAsync(Jobs.Square, 3);
                Assert.Equal(9, await job);
                await Task.Delay(TimeSpan.FromMinutes(1), world.Clock);

                var attached = (await world.StartPoolAsync(options: options)).Attach<int>(job.Id);

                if (isRetained)
                    Assert.Equal(9, await attached);
                else
                    await Assert.ThrowsAsync<JobNotFoundException>(async () => await attached);
            },
            NoFaults);

    [Fact]
    public async Task SubmitAsync_RepeatedWithoutKey_IsChargedTwice()
    {
        var exception = await Assert.ThrowsAsync<FaultTestException>(
            () => FaultTest.ForSeedsAsync(1..200, world => PayAsync(world, key: null), LostAnswers));

        Assert.EndsWith(" charges", Assert.IsType<InvalidDataException>(exception.InnerException).Message, StringComparison.Ordinal);
        Assert.Contains(exception.Needed, fault => fault.Fault.Kind is FaultKind.DropMessages or FaultKind.RestartCoordinator);
    }

    [Fact]
    public Task SubmitAsync_RepeatedWithKey_IsChargedOnce() =>
        FaultTest.ForSeedsAsync(1..200, world => PayAsync(world, key: "order 7"), LostAnswers);

    [Fact]
    public void AddRecord_SecondOutcomeOfAJob_IsABrokenPromise()
    {
        var (store, pool) = (new SimulatedStore(new VirtualClock(), new Random(1)), PoolId.FromName("payments"));
        var job = new JobSpec(new JobId(1), new FunctionRef("f", default), default, JobPolicy.Once);
        var outcome = new JobOutcome(job.Id, JobStatus.Succeeded, default, null, 1);

        store.AddRecord(pool, new PoolRecord(0, null, [job], [], [], [outcome], [], IsClosed: false));
        Assert.Equal(0, store.BrokenPromises);
        store.AddRecord(pool, new PoolRecord(0, null, [], [], [], [outcome], [], IsClosed: false));

        Assert.Equal(1, store.BrokenPromises);
    }

    [Fact]
    public void Simulated_FaultOfTheStore_IsRefused() => Assert.Throws<FaultNotSupportedException>(
        () => TestPool.Simulated(plan: FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.FillDisk(TimeSpan.FromSeconds(1)))));

    private static FaultPlan LostAnswers => FaultPlan.Create(0)
        .Add(
            FaultTrigger.AtTime(TimeSpan.FromMilliseconds(2)),
            Fault.DropMessages(TimeSpan.FromSeconds(12), NetworkLinks.CoordinatorToClient, probability: 0.7))
        .Add(FaultTrigger.AtTime(TimeSpan.FromSeconds(4)), Fault.RestartCoordinator(TimeSpan.FromSeconds(3)));

    /// <summary>Pays an order. A program that gets no answer does not know whether its job was accepted, and submits it again.</summary>
    private static async Task PayAsync(SimulatedWorld world, string? key)
    {
        var charges = Jobs.StartRecording();
        var pool = await world.StartPoolAsync(options: Payments);
        JobHandle? job = null;
        while (job is null)
        {
            try
            {
                job = await pool.SubmitAsync(Charge, 100, new JobOptions { Key = key }).WaitAsync(TimeSpan.FromSeconds(3), world.Clock);
            }
            catch (TimeoutException)
            {
                // Repeat.
            }
        }

        await job.Completion;
        await pool.CompleteAsync();
        // The provider of payments ignores a token that it has seen: a job may run twice.
        var count = charges.Distinct().Count();
        if (count != 1)
            throw new InvalidDataException($"{count} charges");
    }

    private static void Charge(int amount) => Jobs.Record($"{JobContext.Current!.IdempotencyToken} {amount}");

    private static async Task<int> SquareLaterAsync(int number)
    {
        await Task.Delay(TimeSpan.FromSeconds(5), VirtualClock.Current);
        return number * number;
    }
}
