using System.Runtime.Versioning;
using System.Text;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>Other users of a machine see no secrets of a cluster's programs, even if the umask removes no rights.</summary>
[SupportedOSPlatform("linux")]
public sealed class PrivacyTests : IDisposable
{
    private const UnixFileMode OfTheUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly string[] Secrets = ["the-key-of-clients-4711", "the-key-of-nodes-4712", "the-token-of-http-4713"];

    private readonly string _directory = Directory.CreateTempSubdirectory("privacy-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Programs_WithKeysAndPayloads_ShowNoSecretAndCreateOnlyPrivateFiles()
    {
        var files = Secrets.Select((secret, number) => WriteFile($"secret{number}", secret + "\n")).ToArray();
        await using var cluster = new TestCluster { IsWithoutUmask = true };
        string[] logEverything = ["--config",
            WriteFile("log.conf", "akka { loglevel = DEBUG, log-config-on-start = on, actor.debug.lifecycle = on }"), "--ready-file",
            $"{_directory}/ready"];
        var coordinator = cluster.Run(
            "Actors.Coordinator.dll",
            [
                "--port", $"{cluster.Port}", "--key-file", files[0], "--node-key-file", files[1], "--store", $"{_directory}/state/store.db",
                "--http", $"127.0.0.1:{Ports.FindFree()}", "--http-token-file", files[2], .. logEverything,
            ]);
        await coordinator.SaysAsync("coordinator is a member");
        var node = cluster.Run(
            "Actors.WorkerNode.dll", ["--join", cluster.Address, "--processes", "1", "--cache", cluster.CacheOf(1), "--key-file", files[1],
                .. logEverything]);
        await node.SaysAsync("joined");

        await using var manager = await Manager.ConnectAsync(cluster.Address, Encoding.UTF8.GetBytes(Secrets[0]));
        var service = await manager.CreateAsync(() => new Holder());
        Assert.Equal(1, await service.CallAsync(holder => holder.Count(new byte[1])).WaitAsync(Guard.Longest));
        AssertPrivate([.. cluster.FindFiles(), .. Directory.GetFileSystemEntries(_directory, "*", SearchOption.AllDirectories)
            .Except([.. files, $"{_directory}/log.conf"])]);
        AssertNoSecret(cluster);

        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, coordinator.Log + node.Log, StringComparison.Ordinal));
        Assert.Contains("DEBUG", coordinator.Log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Data Source", coordinator.Log, StringComparison.OrdinalIgnoreCase);
    }

    private static void AssertPrivate(IReadOnlyCollection<string> entries)
    {
        foreach (var kind in new[] { "store.db", "store.db-wal", "/ready", "node.sock", "/payloads/", "/contents/", "/bundles/",
            "/manifests/", ".progress" })
            Assert.Contains(entries, path => path.Contains(kind, StringComparison.Ordinal));
        Assert.Empty(entries.Where(path => new FileInfo(path).LinkTarget is null && !path.EndsWith("/t", StringComparison.Ordinal)
            && !IsOfTheRuntime(path)
            && (File.GetUnixFileMode(path) & ~OfTheUser) != 0).Select(path => $"{path}: {File.GetUnixFileMode(path)}"));
    }

    private static bool IsOfTheRuntime(string path) => Path.GetFileName(path) is var name
        && (name.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal)
            || name.StartsWith("clr-debug-pipe-", StringComparison.Ordinal));

    private static void AssertNoSecret(TestCluster cluster)
    {
        var processes = cluster.Processes();
        // At least a coordinator, a node and the process of the service.
        Assert.InRange(processes.Count, 3, 20);
        foreach (var process in processes)
        {
            var visible = Encoding.UTF8.GetString(
                [.. File.ReadAllBytes($"/proc/{process}/environ"), .. File.ReadAllBytes($"/proc/{process}/cmdline")]);
            Assert.All(Secrets, secret => Assert.DoesNotContain(secret, visible, StringComparison.Ordinal));
            // No text that looks like a token of 32 bytes.
            Assert.DoesNotMatch("[=\\0]([0-9A-Fa-f]{64}|[A-Za-z0-9+/]{43}=)\\0", visible);
            // No dump file fits into one byte, and with this limit no dump is passed to another program.
            Assert.Matches("Max core file size +[01] ", File.ReadAllText($"/proc/{process}/limits"));
        }
    }

    private string WriteFile(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    private sealed class Holder
    {
        public int Count(byte[] bytes) => bytes.Length;
    }
}
