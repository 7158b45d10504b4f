using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>The coordinator dies, the caller catches the exception, and leaves its <c>await using</c> blocks.</summary>
public sealed class DisposalAfterLossTests
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task DisposeAsync_CoordinatorLossWasCaught_ThrowsNothing()
    {
        await using var cluster = new TestCluster();
        var coordinator = await cluster.StartCoordinatorAsync();
        await cluster.StartNodeAsync(3);
        var manager = await Manager.StartAsync(cluster.Address);
        var pool = await ProcessPool.StartAsync(processes: 1, connect: cluster.Address);
        var process = await WorkerProcess.StartAsync(Functions.Sleep, TimeSpan.FromHours(1), cluster.Address);
        var hold = await (await manager.CreateLockAsync()).AcquireAsync();
        var reentrant = await (await manager.CreateReentrantLockAsync()).AcquireAsync();
        var permit = await (await manager.CreateSemaphoreAsync(1)).AcquireAsync();
        var blockingHold = await (await manager.CreateLockAsync()).AcquireAsync();
        var blockingPermit = await (await manager.CreateSemaphoreAsync(1)).AcquireAsync();
        var (end, other) = await manager.CreatePipeAsync<int>();
        var array = await manager.CreateArrayAsync<int>(10);
        var job = pool.ApplyAsync(Functions.Sleep, TimeSpan.FromHours(1));

        coordinator.Kill();
        await Assert.ThrowsAsync<CoordinatorLostException>(async () => await job);
        await Assert.ThrowsAsync<CoordinatorLostException>(async () => await process.JoinAsync());

        var thrown = new List<string>();
        await TryAsync("hold", () => hold.DisposeAsync());
        await TryAsync("reentrant", () => reentrant.DisposeAsync());
        await TryAsync("permit", () => permit.DisposeAsync());
        Try("blockingHold", blockingHold.Dispose);
        Try("blockingPermit", blockingPermit.Dispose);
        Try("end", end.Dispose);
        Try("other", other.Dispose);
        await TryAsync("process", () => process.DisposeAsync());
        await TryAsync("pool", () => pool.DisposeAsync());
        await TryAsync("manager", () => manager.DisposeAsync());
        GC.KeepAlive(array);
        Assert.Equal("", string.Join("\n", thrown));

        async Task TryAsync(string name, Func<ValueTask> dispose)
        {
            try
            {
                await dispose().AsTask().WaitAsync(Guard.Longest);
            }
            catch (Exception exception)
            {
                thrown.Add($"{name}: {exception.GetType().Name} {exception.Message}");
            }
        }

        void Try(string name, Action dispose)
        {
            try
            {
                dispose();
            }
            catch (Exception exception)
            {
                thrown.Add($"{name}: {exception.GetType().Name} {exception.Message}");
            }
        }
    }
}
