// A client that tests start, observe and kill. The first argument selects its behavior.

using System.Diagnostics;
using Actors;
using Actors.EndToEnd.Client;

switch (args[0])
{
    case "pool": await RunPoolAsync(spin: args.Contains("spin")); break;
    case "cancel": await RunCancelableAsync(); break;
    case "process": await RunProcessAsync(); break;
    case "first": await CountFirstWorkersAsync(int.Parse(args[1])); break;
    case "wait": await LeaveRunningAsync(); break;
    case "durable": await RunDurableAsync(store: args[1], started: args[2]); break;
    case "crash": await CrashingProgram.From(args).CrashAsync(step: args[5], milliseconds: int.Parse(args[6])); break;
    case "recover": await CrashingProgram.From(args).RecoverAsync(known: args[5]); break;
    case "crash-queue": await CrashingQueueProgram.From(args).CrashAsync(step: args[3], milliseconds: int.Parse(args[4])); break;
    case "recover-queue": await CrashingQueueProgram.From(args).RecoverAsync(step: args[3]); break;
    case "crash-tool": await CrashingToolProgram.From(args).CrashAsync(step: args[4], milliseconds: int.Parse(args[5])); break;
    case "recover-tool": await CrashingToolProgram.From(args).RecoverAsync(step: args[4], known: long.Parse(args[5])); break;
    case "queue": await FillAsync(store: args[1]); break;
    case "receive": await QueueProgram.ReceiveAsync(store: args[1], acknowledged: int.Parse(args[2])); break;
    case "put-once": await QueueProgram.PutOnceAsync(store: args[1]); break;
    case "named": await NamedJobProgram.SubmitAsync(store: args[1]); break;
    case "named-attach": await NamedJobProgram.AttachAsync(store: args[1], job: long.Parse(args[2])); break;
    case "map": await MapProgram.RunAsync(store: args[1], directory: args[2]); break;
    case "full": await FillDiskAsync(store: args[1]); break;
    case "full-pool": await FillPoolDiskAsync(store: args[1], release: args[2]); break;
    case "storage": await StorageProgram.RunAsync(args[1]); break;
    case "storage-filled": await StorageProgram.FillWhileRunningAsync(); break;
    case "array": await ArrayProgram.RunAsync(args[1]); break;
    case "files": await FilesProgram.RunAsync(args[1]); break;
    case "drop": await DropAsync(); break;
    case "idle": await RunIdlePoolAsync(); break;
    case "consume": await RunConsumerAsync(); break;
    case "forget": await ForgetAsync(untilCollected: args.Contains("collected")); break;
    case "print": await PrintUnreadAsync(); break;
    default: throw new ArgumentException($"Unknown: {args[0]}.");
}

// Prints the process ids of its workers, which run endless jobs, and waits until it is killed.
static async Task RunPoolAsync(bool spin)
{
    await using var pool = await ProcessPool.StartAsync(2);
    var jobs = Enumerable.Range(0, 10).Select(_ => spin ? pool.ApplyAsync(SpinForEver) : pool.ApplyAsync(SleepForEver)).ToArray();
    await Task.Delay(Timeout.Infinite);
    GC.KeepAlive(jobs);
}

// Prints the process id of its worker, whose job writes the reason of its cancellation to a file, and waits until it is killed.
static async Task RunCancelableAsync()
{
    var options = new PoolOptions { CancelOn = CancellationTriggers.ClientDisconnected, CancellationGrace = TimeSpan.FromMinutes(10) };
    await using var pool = await ProcessPool.StartAsync(1, options: options);
    await pool.ApplyAsync(WriteReason);
}

static void WriteReason()
{
    var job = JobContext.Current!;
    Console.WriteLine(Environment.ProcessId);
    job.CancellationToken.WaitHandle.WaitOne();
    File.WriteAllText(Path.Combine(Path.GetTempPath(), "reason"), $"{job.CancellationReason}");
}

// Prints the number of processes that it has started when all workers of its first pool run, and after the end of the pool.
static async Task CountFirstWorkersAsync(int workers)
{
    await using (var pool = await ProcessPool.StartAsync(workers))
    {
        while (pool.Workers.Count < workers)
            await pool.ApplyAsync(() => { });
        Console.WriteLine(CountChildren());
    }

    Console.WriteLine(CountChildren());
}

// Counts the child processes of all threads, ended ones excluded.
static int CountChildren() => Directory.GetDirectories("/proc/self/task")
    .Sum(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);

// Reports that its pool is idle, and waits until it is killed.
static async Task RunIdlePoolAsync()
{
    await using var pool = await ProcessPool.StartAsync(2);
    await pool.MapAsync(number => number, Enumerable.Range(0, 1000), 1);
    Console.WriteLine("idle");
    await Task.Delay(Timeout.Infinite);
}

// Reports that its worker runs a job that waits for an item of a queue, and waits until it is killed.
static async Task RunConsumerAsync()
{
    await using var manager = await Manager.StartAsync();
    var (items, started) = (await manager.CreateQueueAsync<int>(), await manager.CreateQueueAsync<int>());
    await using var pool = await ProcessPool.StartAsync(1);
    _ = pool.ApplyAsync(Consume, items, started);
    await started.GetAsync();
    Console.WriteLine("idle");
    await Task.Delay(Timeout.Infinite);
}

static int Consume(ManagedQueue<int> items, ManagedQueue<int> started)
{
    started.Put(0);
    return items.Get();
}

static async Task RunProcessAsync()
{
    await using var process = await WorkerProcess.StartAsync(SleepForEver);
    await process.JoinAsync();
}

// Returns from Main while a non-daemon process runs.
static async Task LeaveRunningAsync()
{
    var process = new WorkerProcess(
        () =>
        {
            Thread.Sleep(300);
            Console.WriteLine("finished");
        },
        new WorkerProcessOptions { IsDaemon = false });
    await process.StartAsync();
}

// The workers print more than the test reads. Messages of the pool go to standard error.
static async Task PrintUnreadAsync()
{
    await using (var pool = await ProcessPool.StartAsync(2))
    {
        var printing = pool.ApplyAsync(PrintLines, 200_000);
        await pool.ApplyAsync(() => Console.Error.WriteLine("a worker's error"));
        await printing;
        await pool.CompleteAsync();
    }

    await using (var pool = await ProcessPool.StartAsync(2))
        _ = pool.ApplyAsync(PrintLines, int.MaxValue);
    Console.Error.WriteLine("disposed");
}

static void PrintLines(int count)
{
    for (var i = 0; i < count; i++)
        Console.WriteLine($"line {i}");
}

// Returns from Main with unfinished jobs.
static async Task DropAsync()
{
    await using var pool = await ProcessPool.StartAsync(2);
    var ready = new TaskCompletionSource();
    pool.WorkerChanged += _ => ready.TrySetResult();
    if (pool.Workers.Count > 0)
        ready.TrySetResult();
    _ = pool.ApplyAsync(() => Thread.Sleep(Timeout.Infinite));
    await ready.Task;
    foreach (var worker in pool.Workers)
        Console.WriteLine($"{worker.ProcessId}");
}

// Starts a pool and never ends it. Returns at once, or after the garbage collector has ended the pool.
static async Task ForgetAsync(bool untilCollected)
{
    var ended = await StartAndForgetAsync();
    while (untilCollected && !ended.IsCompleted)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Task.WhenAny(ended, Task.Delay(20));
    }
}

static async Task<Task> StartAndForgetAsync()
{
    var pool = await ProcessPool.StartAsync(1);
    var ended = new TaskCompletionSource();
    pool.WorkerChanged += worker =>
    {
        if (worker.HasExited)
            ended.TrySetResult();
    };
    await pool.ApplyAsync(() => 1);
    foreach (var worker in pool.Workers)
        Console.WriteLine($"{worker.ProcessId}");
    return ended.Task;
}

// Submits an endless job to a durable pool, prints its id when it runs, and waits until it is killed.
static async Task RunDurableAsync(string store, string started)
{
    await using var pool = await ProcessPool.StartAsync(
        1, options: new PoolOptions { DurableName = "pool", Store = new SqliteStore(store) });
    var job = pool.ApplyAsync(WriteAndWait, started);
    while (!File.Exists(started))
        await Task.Delay(10);
    Console.WriteLine($"{job.Id}");
    await Task.Delay(Timeout.Infinite);
}

// Several producers put items into a durable queue and print the acknowledged items, until the program is killed.
static async Task FillAsync(string store)
{
    await using var manager = await Manager.StartAsync();
    var queue = await manager.OpenQueueAsync<(int, int)>("queue", new DurableQueueOptions { Store = new SqliteStore(store) });
    var producers = Enumerable.Range(0, 4).Select(async producer =>
    {
        for (var i = 0; ; i++)
        {
            await queue.PutAsync((producer, i));
            Console.WriteLine($"{producer} {i}");
        }
    });
    await Task.WhenAll(producers);
}

// Puts items into a durable queue with a small store until a put is refused. Prints the number of acknowledged items and the refusal.
static async Task FillDiskAsync(string store)
{
    const long Room = 8 << 20;
    await using var manager = await Manager.StartAsync();
    var queue = await manager.OpenQueueAsync<(int, byte[])>("queue", new DurableQueueOptions { Store = new SqliteStore(store) });
    FileSizeLimit.Set(Room);
    var acknowledged = 0;
    try
    {
        for (; ; acknowledged++)
            await queue.PutAsync((acknowledged, new byte[1_000_000]));
    }
    catch (DurableStoreException exception)
    {
        Console.WriteLine(acknowledged);
        Console.WriteLine($"{nameof(DurableStoreException)}: {exception.Message}");
    }
}

// Submits jobs to a durable pool with a small store until a job is refused, while the first job waits for a file. Prints the number of
// other ended jobs and the refusal. When the file exists, prints the result of the first job.
static async Task FillPoolDiskAsync(string store, string release)
{
    const long Room = 8 << 20;
    await using var pool = await ProcessPool.StartAsync(
        2, options: new PoolOptions { DurableName = "pool", Store = new SqliteStore(store) });
    if (File.Exists(release))
    {
        Console.WriteLine(await pool.Attach<int>(1));
        return;
    }

    var first = pool.ApplyAsync(WaitForFile, release);
    var ended = 0;
    try
    {
        await pool.ApplyAsync(bytes => bytes.Length, new byte[1_000_000]);
        FileSizeLimit.Set(Room);
        for (ended = 1; ; ended++)
            await pool.ApplyAsync(bytes => bytes.Length, new byte[1_000_000]);
    }
    catch (DurableStoreException exception)
    {
        Console.WriteLine(ended);
        Console.WriteLine($"{nameof(DurableStoreException)}: {exception.Message}");
        GC.KeepAlive(first);
    }
}

static int WaitForFile(string path)
{
    while (!File.Exists(path))
        Thread.Sleep(10);
    return 42;
}

static void WriteAndWait(string path)
{
    File.WriteAllText(path, "started");
    Thread.Sleep(Timeout.Infinite);
}

static void SleepForEver()
{
    Console.WriteLine($"{Environment.ProcessId}");
    Thread.Sleep(Timeout.Infinite);
}

static void SpinForEver()
{
    Console.WriteLine($"{Environment.ProcessId}");
    for (var watch = Stopwatch.StartNew(); watch.IsRunning;)
        Thread.SpinWait(100);
}
