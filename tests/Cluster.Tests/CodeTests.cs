using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>A pool over several nodes, and how the program's code gets there.</summary>
public sealed class CodeTests
{
    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Map_OverTwoNodes_RunsOnBoth()
    {
        await using var cluster = await TestCluster.StartAsync(1, 1);
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        await pool.ExecutorsAsync(2);

        var squares = await pool.MapAsync(Functions.Square, Enumerable.Range(0, 1000));

        Assert.Equal(Enumerable.Range(0, 1000).Select(x => x * x), squares);
        Assert.Equal(2, pool.Executors.Select(executor => executor.Node).Distinct().Count());
    }

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

    /// <summary>All that is there but large arguments and results, and what they are kept with.</summary>
    private static IReadOnlyList<(string Path, DateTime Written)> Files(string directory) => !Directory.Exists(directory)
        ? []
        :
        [
            .. new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => !file.FullName.StartsWith(Path.Combine(directory, "payloads"), StringComparison.Ordinal))
                .Select(file => (file.FullName, file.LastWriteTimeUtc)).Order(),
        ];
}
