using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Actors.Cluster.Tests;

/// <summary>
/// One program of a farm that shares a durable pool. It submits a range of jobs with keys, checks each result, and acknowledges them all at
/// the end. A program that is stopped or killed leaves unfinished jobs; its successor continues with the same keys.
/// </summary>
internal static class FarmProgram
{
    /// <summary>The beginning of the line that follows each thousand results.</summary>
    public const string Progress = "progress ";

    /// <summary>The beginning of the last line, which ends with the number of right results.</summary>
    public const string Right = "right ";

    /// <summary>The beginning of the last line of a program that was asked to stop, which ends with the number of right results.</summary>
    public const string Stopped = "stopped ";

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
        using var stop = new CancellationTokenSource();
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        await using var pool = await ProcessPool.StartAsync(connect: address, options: Options);
        var jobs = Channel.CreateUnbounded<JobHandle<long>>();
        var submitting = Task.Run(() => SubmitJobs(pool, jobs.Writer, directory, first, count, stop.Token));
        var received = new List<JobHandle<long>>(count);
        try
        {
            await foreach (var job in jobs.Reader.ReadAllAsync(stop.Token))
            {
                if (await job.Task.WaitAsync(stop.Token) != Functions.Mixed(first + received.Count))
                    throw new InvalidOperationException($"Job {job.Id} returned the result of another one.");
                received.Add(job);
                if (received.Count % 1000 == 0)
                    Console.WriteLine($"{Progress}{received.Count}");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await pool.DisposeAsync();
            await submitting;
            Console.WriteLine($"{Stopped}{received.Count}");
            return;
        }

        await submitting;
        File.WriteAllLines(
            Path.Combine(directory, $"ids-{Environment.ProcessId}"),
            received.Select((job, index) => string.Create(CultureInfo.InvariantCulture, $"{first + index} {job.Id}")));
        received.ForEach(job => job.Acknowledge());
        await pool.CompleteAsync();
        Console.WriteLine($"{Right}{received.Count}");
    }

    private static void SubmitJobs(
        ProcessPool pool, ChannelWriter<JobHandle<long>> jobs, string directory, int first, int count, CancellationToken stop)
    {
        try
        {
            for (var index = first; index < first + count && !stop.IsCancellationRequested; index++)
            {
                // The token would cancel the job, which the successor awaits.
                jobs.TryWrite(pool.ApplyAsync(
                    Functions.Record, directory, index, new JobOptions { Key = $"{index}" }, CancellationToken.None));
            }

            jobs.Complete();
        }
        catch (InvalidOperationException) when (stop.IsCancellationRequested)
        {
            // The pool was disposed while this thread waited for a free slot.
        }
    }
}
