using Actors;

namespace Actors.EndToEnd.Client;

/// <summary>Submits a job to a durable pool, and crashes at a step between its submission and its acknowledgement.</summary>
internal static class CrashingProgram
{
    private static readonly JobOptions Key = new() { Key = "order-7" };

    public static async Task RunAsync(string store, string step)
    {
        var isExplicit = step is "explicit" or "acknowledged";
        await using var pool = await OpenAsync(store, isExplicit);
        if (step == "applied")
        {
            _ = pool.ApplyAsync(Double, 21, Key);
            Crash();
        }

        var job = await pool.SubmitAsync(Double, 21, Key);
        Console.WriteLine(job.Id);
        if (step == "submitted")
            Crash();
        job.Wait();
        if (step == "ended")
            Crash();
        Console.WriteLine(await job);
        if (step is "received" or "explicit")
            Crash();
        if (step == "acknowledged")
            job.Acknowledge();
        // Disposing the pool sends acknowledgements.
        await pool.DisposeAsync();
        Crash();
    }

    /// <summary>Prints the result of a job, or of the job with the key for 0.</summary>
    public static async Task AttachAsync(string store, long job)
    {
        await using var pool = await OpenAsync(store, isExplicit: false);
        try
        {
            Console.WriteLine(await (job > 0 ? pool.Attach<int>(job) : await pool.SubmitAsync(Double, 21, Key)));
        }
        catch (JobNotFoundException)
        {
            Console.WriteLine("unknown");
        }
    }

    private static Task<ProcessPool> OpenAsync(string store, bool isExplicit) => ProcessPool.StartAsync(1, options: new PoolOptions
    {
        DurableName = "pool",
        Store = new SqliteStore(store),
        Acknowledgement = isExplicit ? ResultAcknowledgement.Explicit : ResultAcknowledgement.WhenReceived,
    });

    private static void Crash() => Environment.FailFast("as the test wants");

    private static int Double(int number) => 2 * number;
}
