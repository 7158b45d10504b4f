using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests.Linearizability;

/// <summary>
/// Several processes, including this one, use one object concurrently and record their results. All calls must have a sequential order,
/// each at some moment between its begin and its end, in which a plain object returns the same results, even when clients are killed.
/// </summary>
public sealed class LinearizabilityTests : IDisposable
{
    private const int Processes = 3;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("histories-");

    public void Dispose() => _directory.Delete(recursive: true);

    [LongFact]
    public async Task Queue_ConcurrentProcesses_IsLinearizable()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await Check(Clients.UseQueue, await manager.CreateQueueAsync<int>().Soon(), new QueueModel(QueueModel.Oldest));
    }

    [LongFact]
    public async Task BoundedQueue_ConcurrentProcesses_IsLinearizable()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await Check(Clients.UseQueue, await manager.CreateQueueAsync<int>(2).Soon(), new QueueModel(QueueModel.Oldest, 2));
    }

    [Fact]
    public async Task Queue_SomeProcessesAreKilled_LosesAndDuplicatesNoItem()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await Check(Clients.UseQueue, await manager.CreateQueueAsync<int>().Soon(), new QueueModel(QueueModel.Oldest), kill: true);
    }

    [LongFact]
    public async Task LifoQueue_SomeProcessesAreKilled_IsLinearizable()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await Check(Clients.UseQueue, await manager.CreateLifoQueueAsync<int>().Soon(), new QueueModel(QueueModel.Newest), kill: true);
    }

    [LongFact]
    public async Task PriorityQueue_SomeProcessesAreKilled_IsLinearizable()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var queue = await manager.CreatePriorityQueueAsync<int, int>().Soon();
        await Check(Clients.UsePriorityQueue, queue, new QueueModel(QueueModel.Least), kill: true);
    }

    [LongFact]
    public async Task Value_SomeProcessesAreKilled_IsLinearizable()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await Check(Clients.UseValue, await manager.CreateValueAsync(0).Soon(), new ValueModel("0"), kill: true);
    }

    [Fact]
    public async Task Dictionary_ConcurrentProcesses_IsLinearizable()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await Check(Clients.UseDictionary, await manager.CreateDictionaryAsync<string, int>().Soon(), new DictionaryModel());
    }

    [LongFact]
    public async Task List_SomeProcessesAreKilled_IsLinearizable()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await Check(Clients.UseList, await manager.CreateListAsync<int>().Soon(), new ListModel(), kill: true);
    }

    [Fact]
    public async Task Lock_SomeProcessesAreKilled_HasOneHolderAtATime()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await Check(Clients.UseLock, await manager.CreateLockAsync().Soon(), new LockModel(), kill: true);
    }

    [LongFact]
    public async Task Semaphore_SomeProcessesAreKilled_NeverExceedsItsPermits()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await Check(Clients.UseSemaphore, await manager.CreateSemaphoreAsync(2).Soon(), new SemaphoreModel(2), kill: true);
    }

    private async Task Check<T>(Action<T, ClientRun> use, T shared, IModel model, bool kill = false)
    {
        var seed = Random.Shared.Next();
        // The killed processes end one after the other.
        var runs = Enumerable.Range(0, Processes + 1)
            .Select(client => new ClientRun(client, seed, kill ? 100 * (client + 1) : 300, kill && client > 0, PathOf(client))).ToArray();
        await using (var own = await TestPool.StartAsync(Processes))
        {
            await own.WarmAsync();
            var here = Task.Run(() => use(shared, runs[0] with { Count = 300 }));
            var jobs = runs[1..].Select(run => own.Pool.ApplyAsync(use, shared, run, JobOptions.AtMostOnce)).ToArray();
            foreach (var job in jobs)
                await (kill ? job.Fails<WorkerLostException>() : job.Soon());
            await here.Soon();
        }

        var history = History.Read(runs);
        Assert.True(history.Count > 300, $"The history has only {history.Count} operations; at least 300 are expected.");
        if (Linearizability.Refute(model, history) is { } reason)
            Assert.Fail($"seed {seed}: {reason}");
    }

    private string PathOf(int client) => Path.Combine(_directory.FullName, $"{client}");
}
