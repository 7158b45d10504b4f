using Actors.EndToEnd.Tests.Durable;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The order in which jobs of different priorities run.</summary>
public sealed class PriorityTests
{
    private static readonly int[] Priorities = [0, 7, -1, 7, 3];

    /// <summary>The positions in <see cref="Priorities"/>, the greatest first, equal ones in their order.</summary>
    private const string Expected = "13402";

    [Fact]
    public async Task ApplyAsync_WaitingJobsOfDifferentPriorities_RunTheGreatestFirst()
    {
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1);
        var busy = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        var jobs = Submit(own.Pool, file.Path);
        held.Release();

        await busy.Soon();
        await Task.WhenAll(jobs.Select(job => job.Soon()));
        Assert.Equal(Expected, await File.ReadAllTextAsync(file.Path));
    }

    [Fact]
    public async Task ApplyAsync_DurablePoolIsReopened_RunsTheGreatestPriorityFirst()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        var pool = await durable.OpenAsync();
        _ = pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port, new JobOptions { Priority = 100 });
        using var first = await checkpoint.NextAsync();
        var jobs = Submit(pool, file.Path);
        await pool.DisposeAsync();

        await using var again = await durable.OpenAsync();
        using var held = await checkpoint.NextAsync();
        var attached = jobs.Select(job => again.Attach<int>(job.Id)).ToList();
        held.Release();

        await Task.WhenAll(attached.Select(job => job.Soon()));
        Assert.Equal(Expected, await File.ReadAllTextAsync(file.Path));
    }

    private static List<JobHandle<int>> Submit(ProcessPool pool, string path) =>
    [
        .. Priorities.Select(
            (priority, position) => pool.ApplyAsync(AppendPosition, path, position, new JobOptions { Priority = priority })),
    ];

    private static int AppendPosition(string path, int position)
    {
        File.AppendAllText(path, $"{position}");
        return position;
    }
}
