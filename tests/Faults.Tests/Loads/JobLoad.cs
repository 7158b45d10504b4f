using System.Collections.Concurrent;
using System.Globalization;
using Actors.Checkers;

namespace Actors.Faults.Tests.Loads;

/// <summary>
/// Submits jobs to a pool until it is stopped. Each submitted job must end exactly once, with its own result, and must have run.
/// </summary>
internal sealed class JobLoad
{
    /// <summary>The number of outstanding jobs: enough to keep all workers busy, and few enough that a new job ends soon.</summary>
    private const int Outstanding = 400;

    /// <summary>The time in which all jobs end after the last fault.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly ProcessPool _pool;
    private readonly string _records;
    private readonly byte[] _ballast;
    private readonly ConcurrentQueue<(int Job, long Result)> _ends = new();
    private readonly List<JobHandle<long>> _jobs = [];
    private readonly SemaphoreSlim _free = new(Outstanding);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _submitting;

    private JobLoad(ProcessPool pool, string records, int ballast)
    {
        (_pool, _records, _ballast) = (pool, Directory.CreateDirectory(records).FullName, new byte[ballast]);
        _submitting = Task.Run(SubmitAllAsync);
    }

    /// <summary>Gets the number of submitted jobs.</summary>
    public int Submitted
    {
        get
        {
            lock (_jobs)
                return _jobs.Count;
        }
    }

    /// <summary>Starts to submit jobs, and waits until some have ended.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="records">A directory in which the jobs record their runs.</param>
    /// <param name="ballast">The bytes of an argument that makes the pool's records larger.</param>
    public static async Task<JobLoad> StartAsync(ProcessPool pool, string records, int ballast = 0)
    {
        var load = new JobLoad(pool, records, ballast);
        await load.NextAsync();
        return load;
    }

    /// <summary>Waits until a job that is submitted from now on has ended.</summary>
    public async Task NextAsync()
    {
        var index = Submitted;
        await Guard.UntilAsync(() => Submitted > index || _submitting.IsCompleted, Longest);
        if (_submitting.IsCompleted)
            await _submitting;
        Task<long> next;
        lock (_jobs)
            next = _jobs[index].Task;
        Assert.Equal(ResultOf(index), await next.WaitAsync(Longest));
    }

    /// <summary>Stops, and verifies that each job ended exactly once with its own result.</summary>
    /// <returns>A line about the jobs and runs.</returns>
    public async Task<string> FinishAsync()
    {
        await _stopped.CancelAsync();
        await _submitting;
        foreach (var job in _jobs)
            await job.Task.WaitAsync(Longest);
        await Guard.UntilAsync(() => _ends.Count >= _jobs.Count);
        var begins = Directory.GetFiles(_records).SelectMany(File.ReadLines)
            .Select(line => long.Parse(line, CultureInfo.InvariantCulture)).ToList();
        var history = CreateHistory(begins);
        Assert.True(history.Violations.Count == 0, string.Join('\n', history.Violations));
        Assert.Empty(history.FindUnfinished());
        return $"{_jobs.Count} jobs ended once each; {begins.Count - _jobs.Count} runs beyond the first.";
    }

    private JobHistory CreateHistory(List<long> begins)
    {
        var history = new JobHistory();
        for (var index = 0; index < _jobs.Count; index++)
        {
            history.RecordSubmission(index, expected: $"{ResultOf(index)}");
            history.RecordAcknowledgment(index);
        }

        begins.ForEach(history.RecordBegin);
        foreach (var (job, result) in _ends)
            history.RecordEnd(job, "succeeded", $"{result}");
        return history;
    }

    /// <summary>The job. It records its run in a file of its process.</summary>
    private static long RunJob(string records, int index, byte[] ballast)
    {
        File.AppendAllText(Path.Combine(records, $"{Environment.ProcessId}"), string.Create(CultureInfo.InvariantCulture, $"{index}\n"));
        return ResultOf(index) + ballast.Sum(part => part);
    }

    /// <summary>Computes a result that another job cannot return by mistake.</summary>
    private static long ResultOf(int index) => (index + 1) * 0x5DEECE66DL % 1_000_003;

    private async Task SubmitAllAsync()
    {
        for (var index = 0; !_stopped.IsCancellationRequested; index++)
        {
            try
            {
                await _free.WaitAsync(_stopped.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var number = index;
            var options = new JobOptions().WithCallback<long>(result => RecordEnd(number, result));
            var job = _pool.ApplyAsync(RunJob, _records, index, _ballast, options);
            lock (_jobs)
                _jobs.Add(job);
        }
    }

    private void RecordEnd(int job, long result)
    {
        _ends.Enqueue((job, result));
        _free.Release();
    }
}
