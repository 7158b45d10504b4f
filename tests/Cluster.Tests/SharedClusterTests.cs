using System.Diagnostics;
using System.Text;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Microsoft.Extensions.Logging;

namespace Actors.Cluster.Tests;

/// <summary>Tests that leave the cluster unchanged. They share one with two nodes of one slot each.</summary>
public sealed class SharedClusterTests(SharedClusterTests.TwoNodes nodes) : IClassFixture<SharedClusterTests.TwoNodes>
{
    private const int Items = 200;

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Map_OverTwoNodes_RunsOnBoth()
    {
        await using var pool = await ProcessPool.StartAsync(connect: nodes.Address);
        await pool.ExecutorsAsync(2);

        var squares = await pool.MapAsync(Functions.Square, Enumerable.Range(0, 1000));

        Assert.Equal(Enumerable.Range(0, 1000).Select(x => x * x), squares);
        Assert.Equal(2, pool.Workers.Select(executor => executor.Node).Distinct().Count());
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Trace_OfAJob_ReachesTheWorkerOfANode()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Actors",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var request = new Activity("request").Start();
        await using var pool = await ProcessPool.StartAsync(processes: 1, connect: nodes.Address);

        var trace = await pool.ApplyAsync(() => $"{Activity.Current!.TraceId} {Activity.Current.GetTagItem("actors.node")}");

        Assert.Equal($"{request.TraceId} {pool.Workers[0].Node}", trace);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Programs_NoReceiverOfTelemetry_LoadNothingOfOpenTelemetry()
    {
        await using var pool = await ProcessPool.StartAsync(connect: nodes.Address);
        await pool.ApplyAsync(Functions.Square, 2);

        var loaded = nodes.ReadMappedFiles();

        Assert.Contains("Actors.Coordinator.dll", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Queue_BetweenTwoNodes_CarriesEveryItemInOrder()
    {
        await using var manager = await Manager.StartAsync(nodes.Address);
        await using var pool = await ProcessPool.StartAsync(connect: nodes.Address);
        await pool.ExecutorsAsync(2);
        var queue = await manager.CreateQueueAsync<int>(capacity: 10);

        var consumer = pool.ApplyAsync(Functions.Consume, queue, Items);
        var producer = pool.ApplyAsync(Functions.Produce, queue, Items);

        var (items, consumed) = await consumer;
        var produced = await producer;
        Assert.Equal(Enumerable.Range(0, Items), items);
        Assert.NotEqual(NodeOf(pool, produced), NodeOf(pool, consumed));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Lock_WhoseHolderIsKilled_IsReleasedAsAbandoned()
    {
        await using var manager = await Manager.StartAsync(nodes.Address);
        await using var pool = await ProcessPool.StartAsync(connect: nodes.Address);
        await pool.ExecutorsAsync(2);
        var (managedLock, held) = (await manager.CreateLockAsync(), await manager.CreateQueueAsync<int>());
        var job = pool.ApplyAsync(Functions.HoldForEver, managedLock, held, JobOptions.AtMostOnce);
        var holder = await held.GetAsync();
        Assert.Null(await managedLock.TryAcquireAsync());

        pool.Kill(pool.Workers.Single(executor => executor.ProcessId == holder));

        await using var hold = await managedLock.AcquireAsync(TimeSpan.FromSeconds(10));
        Assert.True(hold.WasAbandoned);
        await Assert.ThrowsAsync<WorkerLostException>(async () => await job);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Failure_LargerThanAMessage_ArrivesShortened()
    {
        await using var pool = await ProcessPool.StartAsync(connect: nodes.Address);

        var thrown = await Assert.ThrowsAsync<AggregateException>(async () => await pool.ApplyAsync(ThrowLarge));

        Assert.Equal(64, thrown.InnerExceptions.Count);
        Assert.EndsWith("more characters were cut]", (string)thrown.InnerExceptions[63].Data["k9"]!, StringComparison.Ordinal);
        Assert.Equal(4, await pool.ApplyAsync(Functions.Square, 2));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Initializer_WithAFailureLargerThanAMessage_FailsThePoolAtOnce()
    {
        await using var pool = await ProcessPool.StartAsync(
            connect: nodes.Address, options: new PoolOptions { Initializer = PoolInitializer.Of(() => { ThrowLarge(); }) });

        var failed = await Assert.ThrowsAsync<PoolFailedException>(async () => await pool.ApplyAsync(Functions.Square, 2));

        Assert.IsType<AggregateException>(failed.InnerException);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task State_OfTheWorkersOfNodes_IsSeenByTheirJobs()
    {
        var options = new PoolOptions { State = StateFactory.Of(static () => new List<int> { Environment.ProcessId }) };
        await using var pool = await ProcessPool.StartAsync(connect: nodes.Address, options: options);

        var seen = await pool.MapAsync(
            static _ => JobContext.Current!.GetState<List<int>>()[0] == Environment.ProcessId, new int[10], chunkSize: 1);

        Assert.DoesNotContain(false, seen);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Logger_OfJobsOnNodes_WritesToTheLogOfTheClient()
    {
        var logs = new RecordedLogs();
        await using var pool = await ProcessPool.StartAsync(connect: nodes.Address, options: new PoolOptions { LoggerFactory = logs });

        await pool.MapAsync(LogItem, Enumerable.Range(0, 10), chunkSize: 1);

        Assert.Equal(Enumerable.Range(0, 10).Select(item => $"item {item}"), logs.Events.Select(written => written.Text).Order());
        var names = logs.Events.Select(written => (string)written.Scope["Node"]!).ToHashSet();
        Assert.Subset(pool.Workers.Select(worker => worker.Node).ToHashSet(), names);
    }

    /// <summary>The test program names the first patch of its frameworks, and only later ones are installed.</summary>
    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Framework_MissingOnTheNodes_FailsThePoolWithItsName()
    {
        var exact = new Dictionary<string, string?> { ["DOTNET_ROLL_FORWARD"] = "Disable" };
        await using var pool = await ProcessPool.StartAsync(connect: nodes.Address, options: new PoolOptions { Environment = exact });

        var failed = await Assert.ThrowsAsync<PoolFailedException>(async () => await pool.ApplyAsync(Functions.Square, 2));

        Assert.Contains("the pool failed. The program needs the framework Microsoft.", failed.Message, StringComparison.Ordinal);
        Assert.Contains(".0 (rollForward Disable), and worker node ", failed.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Value_LargerThanAMessage_IsRefusedAtOnce()
    {
        await using var manager = await Manager.StartAsync(nodes.Address);

        await Assert.ThrowsAsync<PayloadTooLargeException>(() => manager.CreateValueAsync(new byte[20 << 20]));
    }

    private static int LogItem(int item)
    {
        JobContext.Current!.Logger.LogInformation("item {Item}", item);
        return item;
    }

    private static int ThrowLarge() => throw new AggregateException(Enumerable.Range(0, 64).Select(_ =>
    {
        var exception = new InvalidOperationException("m");
        for (var k = 0; k < 10; k++)
            exception.Data["k" + k] = new string('x', 60_000);
        return exception;
    }));

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Queue_OfALocalManager_IsRefusedByAClusterPool()
    {
        await using var manager = await Manager.StartAsync();
        await using var pool = await ProcessPool.StartAsync(connect: nodes.Address);
        var queue = await manager.CreateQueueAsync<int>();

        var exception = await Assert.ThrowsAnyAsync<Exception>(async () => await pool.ApplyAsync(Functions.Produce, queue, 1));

        Assert.Contains("same 'connect'", exception.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task WorkerProcess_OnTheCluster_RunsAndHasItsExitCode()
    {
        await using var returning = await WorkerProcess.StartAsync(() => { }, nodes.Address);
        await using var exiting = await WorkerProcess.StartAsync(code => Environment.Exit(code), 3, nodes.Address);

        Assert.Equal(0, await returning.JoinAsync());
        Assert.Equal(3, await exiting.JoinAsync());
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task ManagedObject_OfAnotherCoordinator_IsRefusedAtTheCall()
    {
        await using var pool = await ProcessPool.StartAsync(connect: nodes.Address);
        await using var local = await Manager.StartAsync();
        await using var remote = await Manager.StartAsync(nodes.Address);
        var queue = await local.CreateQueueAsync<int>();
        var queues = await remote.CreateQueueAsync<ManagedQueue<int>>();

        var refusal = Assert.Throws<InvalidOperationException>(() => { pool.ApplyAsync(Functions.Produce, queue, 1); });
        Assert.Contains("connect", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => queues.Put(queue));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ProcessPool.StartAsync(
            connect: nodes.Address, options: new PoolOptions { Initializer = PoolInitializer.Of(q => q.Put(1), queue) }));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task DurablePool_AtACoordinatorWithoutAStore_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ProcessPool.StartAsync(connect: nodes.Address, options: new PoolOptions { DurableName = "jobs" })
                .WaitAsync(Guard.Longest));

        Assert.Contains("--store", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task DurableQueue_AtACoordinatorWithoutAStore_IsRefused()
    {
        await using var manager = await Manager.StartAsync(nodes.Address);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => manager.OpenQueueAsync<int>("items")
            .WaitAsync(Guard.Longest));

        Assert.Contains("--store", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The second thread reads from the socket when the program ends. Closing it once made a normal exit look like a kill.
    /// </summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task WorkerProcess_SlowFunction_ExitsWithZero()
    {
        var codes = new List<int>();
        for (var i = 0; i < 20; i++)
        {
            await using var process = await WorkerProcess.StartAsync(Functions.Sleep, TimeSpan.FromMilliseconds(20), nodes.Address);
            codes.Add(await process.JoinAsync());
        }

        Assert.All(codes, code => Assert.Equal(0, code));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Output_OfARemoteExecutor_ReachesTheClient()
    {
        using var output = new AwaitedStream("printed\n");
        using var errors = new AwaitedStream("complained\n");
        var options = new PoolOptions { Output = output, Error = errors };
        await using var pool = await ProcessPool.StartAsync(connect: nodes.Address, options: options);

        await pool.ApplyAsync(Functions.Print);

        await Task.WhenAll(output.Complete, errors.Complete).WaitAsync(Guard.Longest);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Pools_SharingSlots_BothProgress()
    {
        await using var first = await ProcessPool.StartAsync(connect: nodes.Address);
        await first.ExecutorsAsync(2);
        var long1 = Enumerable.Range(0, 100).Select(index => first.ApplyAsync(Functions.Work, index, 50)).ToList();
        await using var second = await ProcessPool.StartAsync(connect: nodes.Address);

        Assert.Equal(49, await second.ApplyAsync(Functions.Square, 7));

        Assert.Contains(long1, job => !job.IsCompleted);
        var before = long1.Count(job => job.IsCompleted);
        await long1[Math.Min(before + 5, 99)];
    }

    private static string NodeOf(ProcessPool pool, int processId) =>
        pool.Workers.Single(executor => executor.ProcessId == processId).Node;

    /// <summary>A coordinator and two nodes, for all tests of the class.</summary>
    public sealed class TwoNodes : IAsyncLifetime
    {
        private readonly TestCluster _cluster = new();

        public string Address => _cluster.Address;

        /// <summary>Reads which files the programs and their workers have mapped into memory.</summary>
        public string ReadMappedFiles() =>
            string.Concat(_cluster.Processes().Select(process => File.ReadAllText($"/proc/{process}/maps")));

        public Task InitializeAsync() => _cluster.StartWithAsync(1, 1);

        public async Task DisposeAsync() => await _cluster.DisposeAsync();
    }

    /// <summary>A stream that knows when all of a text has been written to it.</summary>
    private sealed class AwaitedStream(string text) : MemoryStream
    {
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Complete => _complete.Task;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            if (Encoding.UTF8.GetString(ToArray()).Contains(text, StringComparison.Ordinal))
                _complete.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
