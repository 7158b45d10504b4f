using System.Globalization;

namespace Actors.Cluster.Tests;

/// <summary>
/// One program of a farm that shares a durable pool. It submits a range of jobs with keys, checks each result, and acknowledges them all at
/// the end. A program that is killed and started again continues with the same keys.
/// </summary>
internal static class FarmProgram
{
    /// <summary>The beginning of the line that follows each thousand results.</summary>
    public const string Progress = "progress ";

    /// <summary>The beginning of the last line, which ends with the number of right results.</summary>
    public const string Right = "right ";

    private static readonly PoolOptions Options = new()
    {
        DurableName = "pool",
        Acknowledgment = ResultAcknowledgment.Explicit,
        ReconnectFor = TimeSpan.FromMinutes(5),
        MaxPendingJobs = 2_000,
    };

    /// <param name="address">The coordinators.</param>
    /// <param name="directory">The directory for the records of the jobs and the ids.</param>
    /// <param name="first">The index of the first job.</param>
    /// <param name="count">The number of jobs.</param>
    public static async Task RunAsync(string address, string directory, int first, int count)
    {
        await using var pool = await ProcessPool.StartAsync(connect: address, options: Options);
        var jobs = System.Threading.Channels.Channel.CreateUnbounded<JobHandle<long>>();
        var submitting = Task.Run(() =>
        {
            for (var index = first; index < first + count; index++)
                jobs.Writer.TryWrite(pool.ApplyAsync(Functions.Record, directory, index, new JobOptions { Key = $"{index}" }));
            jobs.Writer.Complete();
        });

        var received = new List<JobHandle<long>>(count);
        await foreach (var job in jobs.Reader.ReadAllAsync())
        {
            if (await job != Functions.Mixed(first + received.Count))
                throw new InvalidOperationException($"Job {job.Id} returned the result of another one.");
            received.Add(job);
            if (received.Count % 1000 == 0)
                Console.WriteLine($"{Progress}{received.Count}");
        }

        await submitting;
        File.WriteAllLines(
            Path.Combine(directory, $"ids-{Environment.ProcessId}"),
            received.Select((job, index) => string.Create(CultureInfo.InvariantCulture, $"{first + index} {job.Id}")));
        received.ForEach(job => job.Acknowledge());
        await pool.CompleteAsync();
        Console.WriteLine($"{Right}{received.Count}");
    }
}
