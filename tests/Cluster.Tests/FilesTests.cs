using Actors.Cluster.Tests.Programs;
using Actors.Remoting.Bundles;

namespace Actors.Cluster.Tests;

/// <summary>The files of a program that the workers of a cluster get.</summary>
public sealed class FilesTests
{
    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Files_OfThePool_AreInTheDirectoryOfTheWorker()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        await using var withData = await ProcessPool.StartAsync(
            connect: cluster.Address, options: new PoolOptions { Files = ["appsettings*.json", "data/**/*.txt"] });
        await using var without = await ProcessPool.StartAsync(connect: cluster.Address, options: new PoolOptions { Files = [] });

        Assert.Equal((true, false), await cluster.DoneAsync(pool.ApplyAsync(FindFiles)));
        Assert.Equal((true, true), await cluster.DoneAsync(withData.ApplyAsync(FindFiles)));
        Assert.Equal((false, false), await cluster.DoneAsync(without.ApplyAsync(FindFiles)));
        Assert.Equal("one two", await cluster.DoneAsync(withData.ApplyAsync(() => File.ReadAllText(PathOf("data/words.txt")))));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Files_PatternWithoutAFileOrOutsideTheProgram_IsRefused()
    {
        await using var cluster = await TestCluster.StartAsync(1);

        var missing = await Assert.ThrowsAsync<BundleException>(() => ProcessPool.StartAsync(
            connect: cluster.Address, options: new PoolOptions { Files = ["data/missing.txt"] }));
        Assert.Contains("'data/missing.txt'", missing.Message, StringComparison.Ordinal);
        foreach (var outside in new[] { "../x.txt", "/etc/passwd", "" })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => ProcessPool.StartAsync(
                connect: cluster.Address, options: new PoolOptions { Files = [outside] }));
        }
    }

    [Fact]
    public void Find_WithoutPatterns_FindsTheSatelliteAssemblies()
    {
        var satellites = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "de"), "*.resources.dll").ToHashSet();

        Assert.NotEmpty(satellites);
        Assert.Subset(BundledFiles.Find([]).ToHashSet(), satellites);
    }

    private static (bool Settings, bool Data) FindFiles() =>
        (File.Exists(PathOf("appsettings.Test.json")), File.Exists(PathOf("data/words.txt")));

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
