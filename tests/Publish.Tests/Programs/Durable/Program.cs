using Actors;

// The first run submits a job to a durable pool and leaves. The second run waits for its result.
var options = new PoolOptions { DurableName = "numbers", Store = new SqliteStore("jobs.db") };
await using var pool = await ProcessPool.StartAsync(1, options: options);
if (File.Exists("submitted"))
{
    Console.WriteLine($"result of job 1: {await pool.Attach<int>(1)}");
}
else
{
    Console.WriteLine($"submitted job {(await pool.SubmitAsync(Numbers.Double, 21)).Id}");
    File.WriteAllText("submitted", "");
}

static class Numbers
{
    public static int Double(int n) => 2 * n;
}
