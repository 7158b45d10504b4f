using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Bundles;

namespace Actors.Cluster.Tests;

/// <summary>A coordinator and a node whose stores are full of old code run the code of a new program.</summary>
public sealed class CodeEvictionTests
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Pool_StoresAreFullOfOldCode_ReplaceIt()
    {
        await using var cluster = new TestCluster();
        var (atCoordinator, atNode) = (Path.Combine(cluster.CoordinatorCache, "actors"), cluster.CacheOf(8));
        var old = new[] { FillStore(atCoordinator), FillStore(atNode) };
        var coordinator = cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--code-space", "1");
        await coordinator.SaysAsync("coordinator listens");
        var node = cluster.Run(
            "Actors.WorkerNode.dll", "--join", cluster.Address, "--processes", "1", "--cache", atNode, "--code-space", "1");
        await node.SaysAsync("joined");

        await using var pool = await ProcessPool.StartAsync(1, connect: cluster.Address);
        Assert.Equal(6, await cluster.DoneAsync(pool.ApplyAsync(x => x + 1, 5)));

        Assert.All(old, manifest => Assert.False(File.Exists(manifest)));
    }

    /// <summary>Stores a bundle of 1 GiB. Its files have no blocks on the disk.</summary>
    /// <returns>The path of its manifest.</returns>
    private static string FillStore(string directory)
    {
        var store = new BundleStore(directory);
        var files = Enumerable.Range(1, 4).Select(
            number => new BundleFile(number == 1 ? BundleManifest.ExecutorAssembly : $"file{number}", new BundleId(1, (UInt128)number),
                256 << 20));
        var manifest = new BundleManifest([.. files], BundleManifest.ExecutorAssembly, BundleManifest.ExecutorAssembly);
        Assert.Null(manifest.FindProblem());
        foreach (var file in manifest.Files)
        {
            using var content = File.Create(Path.Combine(directory, "contents", file.Content.ToString()));
            content.SetLength(file.Length);
        }

        store.SaveManifest(manifest.ComputeId(), manifest);
        Assert.NotNull(store.FindManifest(manifest.ComputeId()));
        return Path.Combine(directory, "manifests", manifest.ComputeId().ToString());
    }
}
