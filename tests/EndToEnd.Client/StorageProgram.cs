namespace Actors.EndToEnd.Client;

/// <summary>Programs with a full or unusable temporary directory or shared memory. Each prints its result.</summary>
internal static class StorageProgram
{
    /// <summary>Runs one operation that needs files.</summary>
    public static async Task RunAsync(string operation)
    {
        try
        {
            await DoAsync(operation);
            Console.WriteLine("done");
        }
        catch (StorageException exception)
        {
            Console.WriteLine($"{nameof(StorageException)} {exception.Directory} {exception.NeededBytes} {exception.FreeBytes}");
            Console.WriteLine(exception.Message);
        }
    }

    /// <summary>
    /// Fills the temporary directory while a pool runs, and ends one worker after the other. Each replacement may reuse the page of its
    /// predecessor.
    /// </summary>
    public static async Task FillWhileRunningAsync()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        await pool.ApplyAsync(() => 1);
        new Thread(() => Fill(Path.GetTempPath())) { IsBackground = true }.Start();
        try
        {
            while (true)
                await EndWorkerAsync(pool);
        }
        catch (PoolFailedException exception)
        {
            Console.WriteLine($"{nameof(PoolFailedException)} {exception.InnerException?.GetType().Name} {exception.Message}");
        }
    }

    private static async Task EndWorkerAsync(ProcessPool pool)
    {
        try
        {
            await pool.ApplyAsync(() => Environment.Exit(3), JobOptions.AtMostOnce);
        }
        catch (WorkerLostException)
        {
            // The exit was requested.
        }
    }

    private static async Task DoAsync(string operation)
    {
        switch (operation)
        {
            case "pool":
                await using (var pool = await ProcessPool.StartAsync(2))
                    await pool.ApplyAsync(() => 1);
                break;
            case "process":
                await using (var process = await WorkerProcess.StartAsync(Nothing))
                    await process.JoinAsync();
                break;
            case "array":
                await using (var manager = await Manager.StartAsync())
                    (await manager.CreateArrayAsync<int>(10_000)).Span.Fill(1);
                break;
            case "block":
                using (var block = SharedMemory.Create(40_000))
                {
                    block.Unlink();
                    block.Span.Fill(1);
                }

                break;
            default: throw new ArgumentException(operation);
        }
    }

    private static void Fill(string directory)
    {
        using var file = File.Create(Path.Combine(directory, "filler"), bufferSize: 1);
        while (true)
        {
            try
            {
                file.Write(new byte[4096]);
            }
            catch (IOException)
            {
                // The directory is full until a file is removed.
            }
        }
    }

    private static void Nothing()
    {
    }
}
