using System.Net.Sockets;
using Actors;

namespace Actors.EndToEnd.Client;

/// <summary>A program that creates every kind of file that the library uses on one machine.</summary>
internal static class FilesProgram
{
    /// <summary>Creates the files, prints <c>ready</c>, and returns at the end of its standard input.</summary>
    public static async Task RunAsync(string directory)
    {
        await using var manager = await Manager.StartAsync();
        using var array = await manager.CreateArrayAsync<int>(1000);
        using var block = SharedMemory.Create(1000);
        var store = new SqliteStore(Path.Combine(directory, "state", "deep", "store.db"));
        var queue = await manager.OpenQueueAsync<int>("queue", new DurableQueueOptions { Store = store });
        await queue.PutAsync(1);
        using var listener = new ConnectionListener(new UnixDomainSocketEndPoint(Path.Combine(directory, "listener")));
        await using var pool = await ProcessPool.StartAsync(1);
        array[0] = await pool.ApplyAsync(() => 1);
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        block.Unlink();
    }
}
