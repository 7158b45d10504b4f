using System.Globalization;

namespace Actors.Compose.Tests.Programs;

/// <summary>
/// A durable pool, and jobs that are submitted to it as long as the test wants, each of which writes down that it ran. Every job that was submitted has to end
/// with its own result, and to have run.
/// </summary>
internal sealed class RecordedBatch : IAsyncDisposable
{
    /// <summary>Where a container has the directories of all batches.</summary>
    private const string Mounted = "/records";

    private const string Held = "held";
    private const string Go = "go";

    /// <summary>Enough for all executors to be busy, and few enough for a new one to be done soon.</summary>
    private const int Outstanding = 1000;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly string _records;
    private readonly List<JobHandle<long>> _jobs = [];
    private Task _submitting = Task.CompletedTask;
    private volatile bool _isEnough;

    private RecordedBatch(ProcessPool pool, string name, string records) => (Pool, Name, _records) = (pool, name, records);

    public ProcessPool Pool { get; }

    /// <summary>The pool's.</summary>
    public string Name { get; }

    /// <summary>The directory of the records in a container.</summary>
    private string MountedRecords => Path.Combine(Mounted, Name);

    /// <summary>How many jobs have been submitted.</summary>
    private int Count
    {
        get
        {
            lock (_jobs)
                return _jobs.Count;
        }
    }

    /// <summary>On a cluster that is together; ends when some jobs are done.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="most">How many jobs at most.</param>
    public static async Task<RecordedBatch> StartAsync(ComposeCluster cluster, int most = int.MaxValue)
    {
        await cluster.TogetherAsync();
        var name = Guid.NewGuid().ToString("N")[..8];
        var records = cluster.MakeRecords(name);
        var pool = await ProcessPool.StartAsync(connect: ComposeCluster.Address, options: new PoolOptions
        {
            DurableName = name,
            ReconnectFor = TimeSpan.FromMinutes(5),
            MaxPendingJobs = Outstanding,
        });
        var batch = new RecordedBatch(pool, name, records);
        batch._submitting = Task.Run(() => batch.SubmitAll(most));
        await batch.DoneAsync(0);
        return batch;
    }

    /// <summary>Ends when that job is done, from 0.</summary>
    public async Task DoneAsync(int index)
    {
        await Eventually.HoldsAsync($"job {index} is submitted", (int)Longest.TotalSeconds, () => Task.FromResult(Count > index || _submitting.IsCompleted));
        if (_submitting.IsFaulted)
            await _submitting;
        JobHandle<long> job;
        lock (_jobs)
            job = _jobs[index];
        Assert.Equal(Mixed(index), await job.Task.WaitAsync(Longest));
    }

    /// <summary>Ends when a job is done that is submitted now.</summary>
    public Task NextAsync() => DoneAsync(Count);

    /// <summary>Ends when a job has begun that will not end before it is let go.</summary>
    public async Task<JobHandle<bool>> HoldAsync()
    {
        var job = Pool.ApplyAsync(AwaitWord, MountedRecords);
        await Eventually.HoldsAsync("a job is held", (int)Longest.TotalSeconds, () => Task.FromResult(File.Exists(Path.Combine(_records, Held))));
        return job;
    }

    /// <summary>Nothing is held any more.</summary>
    public void LetGo() => File.WriteAllText(Path.Combine(_records, Go), "");

    /// <summary>Whether a job has run on that node.</summary>
    public bool HasRunOn(Container node) => Directory.GetFiles(_records, $"{node.HostName}-*").Length > 0;

    /// <summary>No more jobs: all that were submitted are done, have the right results, and have run. How they ran.</summary>
    public async Task<IReadOnlyList<JobHandle<long>>> FinishAsync()
    {
        _isEnough = true;
        await _submitting;
        for (var index = 0; index < _jobs.Count; index++)
            await DoneAsync(index);
        var ran = Directory.GetFiles(_records).SelectMany(File.ReadLines).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToHashSet();
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

    /// <summary>Waits where too many are outstanding.</summary>
    private void SubmitAll(int most)
    {
        for (var index = 0; index < most && !_isEnough; index++)
        {
            var job = Pool.ApplyAsync(Record, MountedRecords, index);
            lock (_jobs)
                _jobs.Add(job);
        }
    }

    /// <summary>The job: one file for each process.</summary>
    private static long Record(string directory, int index)
    {
        File.AppendAllText(Path.Combine(directory, $"{Environment.MachineName}-{Environment.ProcessId}"), string.Create(CultureInfo.InvariantCulture, $"{index}\n"));
        return Mixed(index);
    }

    private static bool AwaitWord(string directory)
    {
        File.WriteAllText(Path.Combine(directory, Held), "");
        while (!File.Exists(Path.Combine(directory, Go)))
            Thread.Sleep(5);
        return true;
    }

    /// <summary>What nobody would return by mistake for another job.</summary>
    private static long Mixed(int index) => (index + 1) * 0x5DEECE66DL % 1_000_003;
}
