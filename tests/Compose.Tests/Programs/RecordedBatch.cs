using System.Diagnostics;
using System.Globalization;

namespace Actors.Compose.Tests.Programs;

/// <summary>
/// A durable pool, and a stream of submitted jobs that record their runs. Each submitted job must run and end with its correct result.
/// </summary>
internal sealed class RecordedBatch : IAsyncDisposable
{
    /// <summary>The directory of all batches in a container.</summary>
    private const string Mounted = "/records";

    private const string Held = "held";
    private const string Go = "go";

    /// <summary>The number of outstanding jobs: enough to keep all workers busy, and few enough that a new job ends soon.</summary>
    private const int Outstanding = 1000;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly string _records;
    private readonly List<JobHandle<long>> _jobs = [];
    private Task _submitting = Task.CompletedTask;
    private volatile bool _isEnough;

    private RecordedBatch(ProcessPool pool, string name, string records) => (Pool, Name, _records) = (pool, name, records);

    public ProcessPool Pool { get; }

    /// <summary>Gets the name of the pool.</summary>
    public string Name { get; }

    /// <summary>Gets the time from the start of the pool to its first result.</summary>
    public TimeSpan FirstResult { get; private set; }

    /// <summary>Gets the directory of the records in a container.</summary>
    private string MountedRecords => Path.Combine(Mounted, Name);

    /// <summary>Gets the number of submitted jobs.</summary>
    private int Count
    {
        get
        {
            lock (_jobs)
                return _jobs.Count;
        }
    }

    /// <summary>Repairs the cluster, starts a batch, and waits until some jobs have ended.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="most">The maximum number of jobs.</param>
    public static async Task<RecordedBatch> StartAsync(ComposeCluster cluster, int most = int.MaxValue)
    {
        await cluster.RepairAsync();
        var name = Guid.NewGuid().ToString("N")[..8];
        var records = cluster.MakeRecords(name);
        var clock = Stopwatch.StartNew();
        var pool = await ProcessPool.StartAsync(connect: ComposeCluster.Address, options: new PoolOptions
        {
            DurableName = name,
            ReconnectFor = TimeSpan.FromMinutes(5),
            MaxPendingJobs = Outstanding,
        });
        var batch = new RecordedBatch(pool, name, records);
        batch._submitting = Task.Run(() => batch.SubmitAll(most));
        await batch.DoneAsync(0);
        batch.FirstResult = clock.Elapsed;
        return batch;
    }

    /// <summary>Waits until the job with a zero-based index has ended.</summary>
    public async Task DoneAsync(int index)
    {
        await Eventually.HoldsAsync(
            $"job {index} is submitted", (int)Longest.TotalSeconds, () => Task.FromResult(Count > index || _submitting.IsCompleted));
        if (_submitting.IsFaulted)
            await _submitting;
        JobHandle<long> job;
        lock (_jobs)
            job = _jobs[index];
        Assert.Equal(Mixed(index), await job.Task.WaitAsync(Longest));
    }

    /// <summary>Waits until a newly submitted job has ended.</summary>
    public Task NextAsync() => DoneAsync(Count);

    /// <summary>Submits a job that runs until <see cref="Release"/>, and waits until it has begun.</summary>
    public async Task<JobHandle<bool>> HoldAsync()
    {
        var job = Pool.ApplyAsync(AwaitWord, MountedRecords);
        await Eventually.HoldsAsync(
            "a job is held", (int)Longest.TotalSeconds, () => Task.FromResult(File.Exists(Path.Combine(_records, Held))));
        return job;
    }

    /// <summary>Lets the held job end.</summary>
    public void Release() => File.WriteAllText(Path.Combine(_records, Go), "");

    /// <summary>Returns whether a job has run on a node.</summary>
    public bool HasRunOn(Container node) => Directory.GetFiles(_records, $"{node.HostName}-*").Length > 0;

    /// <summary>Stops the submission, and verifies that all submitted jobs have run and ended with the correct result.</summary>
    public async Task<IReadOnlyList<JobHandle<long>>> FinishAsync()
    {
        _isEnough = true;
        await _submitting;
        for (var index = 0; index < _jobs.Count; index++)
            await DoneAsync(index);
        var ran = Directory.GetFiles(_records).SelectMany(File.ReadLines).Select(
            line => int.Parse(line, CultureInfo.InvariantCulture)).ToHashSet();
        Assert.DoesNotContain(Enumerable.Range(0, _jobs.Count), index => !ran.Contains(index));
        await Pool.CompleteAsync();
        return _jobs;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isEnough = true;
        await Pool.DisposeAsync();
    }

    /// <summary>Submits jobs until the end of the batch. Blocks while too many are outstanding.</summary>
    private void SubmitAll(int most)
    {
        for (var index = 0; index < most && !_isEnough; index++)
        {
            var job = Pool.ApplyAsync(Record, MountedRecords, index);
            lock (_jobs)
                _jobs.Add(job);
        }
    }

    /// <summary>The job. It records its index in a file of its process.</summary>
    private static long Record(string directory, int index)
    {
        File.AppendAllText(
            Path.Combine(directory, $"{Environment.MachineName}-{Environment.ProcessId}"), string.Create(
                CultureInfo.InvariantCulture, $"{index}\n"));
        return Mixed(index);
    }

    private static bool AwaitWord(string directory)
    {
        File.WriteAllText(Path.Combine(directory, Held), "");
        while (!File.Exists(Path.Combine(directory, Go)))
            Thread.Sleep(5);
        return true;
    }

    /// <summary>Computes a result that another job cannot return by mistake.</summary>
    private static long Mixed(int index) => (index + 1) * 0x5DEECE66DL % 1_000_003;
}
