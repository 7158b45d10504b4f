namespace Actors.EndToEnd.Client;

/// <summary>Programs that create managed arrays and never dispose of them. Each prints "made" after it has created the array.</summary>
internal static class ArrayProgram
{
    private static object? _kept;

    public static async Task RunAsync(string end)
    {
        switch (end)
        {
            case "return":
                await MakeAsync();
                break;
            case "killed":
                await MakeAsync();
                await Task.Delay(Timeout.Infinite);
                break;
            case "worker-returns":
                var pool = await ProcessPool.StartAsync(1);
                await pool.ApplyAsync(Make);
                Console.WriteLine("made");
                break;
            case "worker-ends":
                await using (var ended = await ProcessPool.StartAsync(1))
                {
                    await ended.ApplyAsync(Make);
                    ended.Close();
                    await ended.JoinAsync();
                }

                Console.WriteLine("made");
                Console.ReadLine();
                break;
            case "worker-killed":
                await using (var killed = await ProcessPool.StartAsync(1))
                {
                    await killed.ApplyAsync(Make);
                    Console.WriteLine("made");
                }

                await Task.Delay(Timeout.Infinite);
                break;
            case "nothing":
                await using (await ProcessPool.StartAsync(1))
                    Console.WriteLine("made");
                break;
            default: throw new ArgumentException(end);
        }
    }

    private static async Task MakeAsync()
    {
        Make();
        Console.WriteLine("made");
        await Console.Out.FlushAsync();
    }

    private static void Make()
    {
        var manager = Manager.StartAsync().GetAwaiter().GetResult();
        var array = manager.CreateArrayAsync<int>(100_000).GetAwaiter().GetResult();
        array.Span.Fill(1);
        _kept = (manager, array);
        GC.KeepAlive(_kept);
    }
}
