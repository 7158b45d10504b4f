using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>The distribution of code to the nodes.</summary>
public sealed class CodeTests
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Code_OfASecondPool_IsNotFetchedAgain()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        Assert.Empty(Files(cluster.CacheOf(1)));

        await RunOneAsync(cluster);
        var fetched = Files(cluster.CacheOf(1));
        await RunOneAsync(cluster);

        Assert.Contains(fetched, file => file.Path.EndsWith("Actors.Cluster.Tests.dll", StringComparison.Ordinal));
        Assert.Equal(fetched, Files(cluster.CacheOf(1)));
    }

    private static async Task RunOneAsync(TestCluster cluster)
    {
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        Assert.Equal(49, await pool.ApplyAsync(Functions.Square, 7));
    }

    /// <summary>Lists the files of a directory, except those of large arguments and results, and the times of use.</summary>
    private static IReadOnlyList<(string Path, DateTime Written)> Files(string directory) => !Directory.Exists(directory)
        ? []
        :
        [
            .. new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => !file.FullName.StartsWith(Path.Combine(directory, "payloads"), StringComparison.Ordinal)
                    && !file.FullName.StartsWith(Path.Combine(directory, "uses"), StringComparison.Ordinal))
                .Select(file => (file.FullName, file.LastWriteTimeUtc)).Order(),
        ];
}
