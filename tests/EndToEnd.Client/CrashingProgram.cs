using System.Globalization;
using Actors;

namespace Actors.EndToEnd.Client;

/// <summary>
/// Uses a durable pool, and crashes at a step between its start and the acknowledgment of a job. Another run continues with the ids and
/// keys of the first one.
/// </summary>
/// <param name="place">The store or the coordinators.</param>
/// <param name="kind">
/// The kind of job: <c>plain</c>, <c>unread</c> (not awaited before the end of the pool), <c>keyed</c>, <c>map</c> (with a key),
/// <c>map-id</c> (with its id), <c>map-key-id</c> (with both), <c>attached</c>, <c>called</c> (with a callback), <c>dropped</c> (without
/// a result), <c>named</c>, <c>lost</c> or <c>lost-once</c>.
/// </param>
/// <param name="runs">The file to which each run of a job adds a line.</param>
internal sealed class CrashingProgram(CrashPlace place, string kind, string runs)
{
    private const int Item = 21;
    private const int MapItems = 4;

    private bool LosesWorker => kind is "lost" or "lost-once";

    private JobOptions Options => kind switch
    {
        "keyed" or "map" or "map-key-id" => new JobOptions { Key = "order-7" },
        "lost" => new JobOptions { MaxAttempts = 2 },
        "lost-once" => JobOptions.AtMostOnce,
        _ => new JobOptions(),
    };

    public static CrashingProgram From(string[] args) => new(new CrashPlace(args[1], args[2]), args[3], args[4]);

    public async Task CrashAsync(string step, int milliseconds)
    {
        var crash = new CrashPoint(step, milliseconds);
        var acknowledgment = kind == "dropped" ? ResultAcknowledgment.None
            : step is "explicit" or "acknowledging" or "acknowledged" ? ResultAcknowledgment.Explicit
            : ResultAcknowledgment.WhenReceived;
        crash.PassDuring("opening", () => place.OpenAsync(acknowledgment));
        var pool = await place.OpenAsync(acknowledgment);
        crash.Pass("opened");
        if (kind == "map")
            await MapAsync(pool, crash);
        else if (kind is "map-id" or "map-key-id")
            await SubmitMapAsync(pool, crash);
        else if (kind == "called")
            await CallBackAsync(pool, crash);
        else if (kind == "unread")
            await CompleteUnreadJobAsync(pool, crash, isClosedByName: step == "closed");
        else
            await RunJobAsync(pool, crash, isAppliedFirst: step == "accepted");
        crash.PassDuring("disposing", () => pool.DisposeAsync().AsTask());
        if (step is "disposed" or "acknowledged")
            await pool.DisposeAsync();
        crash.Pass("disposed");
        crash.Pass("acknowledged");
        crash.PassDuring("completing", () => pool.CompleteAsync());
        await pool.CompleteAsync();
        crash.Pass("completed");
        throw new ArgumentException($"Unknown step: {step}.");
    }

    private async Task RunJobAsync(ProcessPool pool, CrashPoint crash, bool isAppliedFirst)
    {
        crash.PassDuring("applying", () => Apply(pool).Task);
        crash.PassDuring("submitting", () => SubmitAsync(pool));
        var job = isAppliedFirst ? Apply(pool) : await SubmitAsync(pool);
        await job.Accepted;
        Console.WriteLine($"id {job.Id}");
        crash.Pass("accepted");
        crash.Pass("submitted");
        if (kind == "attached")
            job = pool.Attach<int>(job.Id);
        crash.Pass("attached");
        job.Wait();
        Console.WriteLine("ended");
        crash.Pass("ended");
        Console.WriteLine($"result {await DescribeAsync(job)}");
        crash.Pass("received");
        crash.Pass("explicit");
        job.Acknowledge();
        crash.PassDuring("acknowledging", () => Task.CompletedTask);
    }

    /// <summary>The callback receives the result, and nothing else does.</summary>
    private async Task CallBackAsync(ProcessPool pool, CrashPoint crash)
    {
        var called = new TaskCompletionSource();
        var options = new JobOptions().WithCallback<int>(result =>
        {
            Console.WriteLine($"ended\nresult {result}");
            crash.Pass("calling");
            called.SetResult();
        });
        var job = await pool.SubmitAsync(Double, runs, Item, options);
        Console.WriteLine($"id {job.Id}");
        await called.Task;
        crash.Pass("called");
    }

    private async Task CompleteUnreadJobAsync(ProcessPool pool, CrashPoint crash, bool isClosedByName)
    {
        var job = await SubmitAsync(pool);
        Console.WriteLine($"id {job.Id}");
        crash.PassDuring("closing", place.CloseAsync);
        if (isClosedByName)
            await place.CloseAsync();
        crash.PassDuring("completing", () => pool.CompleteAsync());
        await pool.CompleteAsync();
        Console.WriteLine("ended");
        crash.Pass("completed");
        crash.Pass("closed");
        Console.WriteLine($"result {await DescribeAsync(job)}");
        crash.Pass("read");
        await pool.DisposeAsync();
        crash.Pass("disposed");
    }

    private async Task MapAsync(ProcessPool pool, CrashPoint crash)
    {
        crash.PassDuring("submitting", () => MapAsync(pool));
        var map = MapAsync(pool);
        while (pool.PendingJobs > MapItems / 2)
            await Task.Delay(1);
        crash.Pass("half");
        Console.WriteLine($"result {await map}");
        crash.Pass("received");
    }

    private async Task SubmitMapAsync(ProcessPool pool, CrashPoint crash)
    {
        crash.PassDuring("submitting", () => SubmitMapAsync(pool));
        var map = await SubmitMapAsync(pool);
        Console.WriteLine($"id {map.Id}");
        crash.Pass("submitted");
        while (pool.PendingJobs > MapItems / 2)
            await Task.Delay(1);
        crash.Pass("half");
        Console.WriteLine($"result {string.Join(' ', await map)}");
        crash.Pass("received");
        crash.Pass("explicit");
        map.Acknowledge();
        crash.PassDuring("acknowledging", () => Task.CompletedTask);
    }

    /// <summary>Prints the listed jobs, and the result of each and of the known one.</summary>
    /// <param name="known">The id that the crashed program has printed; 0 for none.</param>
    public async Task RecoverAsync(string known)
    {
        var pool = await place.OpenAsync(ResultAcknowledgment.WhenReceived);
        var listed = (await place.Jobs.ListAsync()).Select(job => job.Id).ToList();
        Console.WriteLine($"listed {string.Join(' ', listed)}");
        if (kind == "map")
        {
            Console.WriteLine($"result {await MapAsync(pool)}");
        }
        else if (kind == "map-key-id")
        {
            var map = await SubmitMapAsync(pool);
            Console.WriteLine($"result {await DescribeAsync(map)}\nid {map.Id}");
        }
        else if (kind == "map-id")
        {
            Console.WriteLine($"result {await DescribeAsync(pool.AttachMap<int>(known))}");
        }
        else
        {
            // A key stands for the only job, which exists or is submitted now.
            var jobs = kind == "keyed" ? [await SubmitAsync(pool)] : listed.Append(long.Parse(known, CultureInfo.InvariantCulture))
                .Where(id => id > 0).Distinct().Select(pool.Attach<int>).ToList();
            foreach (var job in jobs)
                Console.WriteLine($"job {job.Id} {await DescribeAsync(job)} {job.Attempts}");
        }

        await pool.CompleteAsync();
        await pool.DisposeAsync();
        Console.WriteLine($"left {await CountJobsAsync()}");
    }

    /// <summary>Counts the jobs that the pool retains. A pool that was closed by name is deleted with its last result.</summary>
    private async Task<int> CountJobsAsync()
    {
        try
        {
            return (await place.Jobs.ListAsync()).Count;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    private JobHandle<int> Apply(ProcessPool pool) => LosesWorker
        ? pool.ApplyAsync(CrashAtTheFirstRun, runs, Item, Options)
        : kind == "named" ? pool.ApplyAsync(DoubleByName, runs, Item, Options)
        : pool.ApplyAsync(Double, runs, Item, Options);

    private Task<JobHandle<int>> SubmitAsync(ProcessPool pool) => LosesWorker
        ? pool.SubmitAsync(CrashAtTheFirstRun, runs, Item, Options)
        : kind == "named" ? pool.SubmitAsync(DoubleByName, runs, Item, Options)
        : pool.SubmitAsync(Double, runs, Item, Options);

    private Task<MapHandle<int[]>> SubmitMapAsync(ProcessPool pool) =>
        pool.SubmitStarMapAsync<string, int, int>(Double, MapArguments, chunkSize: 1, Options);

    private static async Task<string> DescribeAsync(MapHandle<int[]> map)
    {
        try
        {
            return string.Join(' ', await map);
        }
        catch (JobNotFoundException exception)
        {
            return exception.GetType().Name;
        }
    }

    private async Task<string> MapAsync(ProcessPool pool) => string.Join(' ', await pool.StarMapAsync<string, int, int>(
        Double, MapArguments, chunkSize: 1, Options));

    private IEnumerable<(string, int)> MapArguments => Enumerable.Range(0, MapItems).Select(item => (runs, item));

    private static async Task<string> DescribeAsync(JobHandle<int> job)
    {
        try
        {
            return (await job).ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is JobNotFoundException or WorkerLostException)
        {
            return exception.GetType().Name;
        }
    }

    private static int Double(string runs, int number)
    {
        File.AppendAllText(runs, string.Create(CultureInfo.InvariantCulture, $"{number}\n"));
        return 2 * number;
    }

    [Job("crash-double", Build = JobBuild.Newest)]
    private static int DoubleByName(string runs, int number) => Double(runs, number);

    private static int CrashAtTheFirstRun(string runs, int number)
    {
        var result = Double(runs, number);
        if (File.ReadAllLines(runs).Length == 1)
            Environment.FailFast("The test crashes the worker at the first run of its job.");
        return result;
    }
}
