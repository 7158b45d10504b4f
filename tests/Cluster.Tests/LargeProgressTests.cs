using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>A job reports more progress than the coordinator sends without an answer of the client.</summary>
public sealed class LargeProgressTests
{
    private const int Count = 12;

    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData(null)]
    [InlineData("pool")]
    public async Task Report_LargeValues_AllArrive(string? durableName)
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync(withStore: durableName is not null);
        await cluster.StartNodeAsync(1);
        await using var pool = await ProcessPool.StartAsync(
            connect: cluster.Address, options: new PoolOptions { DurableName = durableName });
        var directory = Directory.CreateDirectory(cluster.CacheOf(9)).FullName;
        var progress = new Receiver(directory);

        Assert.Equal(Count, await cluster.DoneAsync(pool.ApplyAsync(ReportEach, directory, (IProgress<byte[]>)progress)));
        Assert.Equal(Count, Directory.GetFiles(directory, "received-*").Length);
    }

    /// <summary>Reports the next value when the last one has arrived.</summary>
    public static int ReportEach(string directory, IProgress<byte[]> progress)
    {
        for (var number = 0; number < Count; number++)
        {
            var value = new byte[1_000_000];
            value[0] = (byte)number;
            progress.Report(value);
            while (!File.Exists(Path.Combine(directory, $"received-{number}")))
                Thread.Sleep(5);
        }

        return Count;
    }

    private sealed class Receiver(string directory) : IProgress<byte[]>
    {
        public void Report(byte[] value) => File.Create(Path.Combine(directory, $"received-{value[0]}")).Dispose();
    }
}
