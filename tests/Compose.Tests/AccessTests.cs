using Actors.Compose.Tests.Programs;

namespace Actors.Compose.Tests;

/// <summary>Programs outside the compose network.</summary>
[Collection(ComposeCollection.Name)]
public sealed class AccessTests(ComposeCluster cluster)
{
    private static readonly string[] Connected = ["--connect", ComposeCluster.Address];

    [ComposeFact]
    public async Task WordCount_OnTheCluster_PrintsTheSameCountsAsLocally()
    {
        await cluster.RepairAsync();

        Assert.Equal(await WordCountAsync([]), await WordCountAsync([], Connected));
    }

    [ComposeFact]
    public async Task SmallSamples_OnTheCluster_PrintTheirOutput()
    {
        await cluster.RepairAsync();

        Assert.Equal("hello sxt\n", await RunAsync("Process", [], Connected));
        Assert.Equal(10, (await RunAsync("Pool", [], Connected)).Split("get ").Length - 1);
        // The consumer takes the items that exist when it acquires the lock: those of none, one or both producers.
        Assert.Matches("^((get [1-5]\n){5}|(get 1[1-5]\n){5}){0,2}$", await RunAsync("ManagedQueue", [], Connected));
    }

    [ComposeFact]
    public async Task Client_WithoutACertificate_IsRefused()
    {
        await cluster.RepairAsync();

        await Assert.ThrowsAsync<CommandFailedException>(() => WordCountAsync(
            new() { ["ACTORS_TLS_DIRECTORY"] = null, ["ACTORS_INSECURE"] = "1" }, Connected));
    }

    [ComposeFact]
    public async Task Client_WithCredentialsOfANode_IsRefused()
    {
        await cluster.RepairAsync();

        await Assert.ThrowsAsync<CommandFailedException>(() => WordCountAsync(
            new()
            {
                ["ACTORS_TLS_DIRECTORY"] = Path.Combine(cluster.Secrets, "tls", "worker"),
                ["ACTORS_KEY_FILE"] = Path.Combine(cluster.Secrets, "node-key")
            },
            Connected));
    }

    /// <summary>Returns the last line of the output, the counts. The line before it is the duration.</summary>
    private static async Task<string> WordCountAsync(Dictionary<string, string?> environment, params string[] arguments) =>
        (await RunAsync("WordCount", environment, ["--json", .. arguments])).Split('\n').Single(line => line.StartsWith('{'));

    private static Task<string> RunAsync(string sample, Dictionary<string, string?> environment, params string[] arguments) =>
        Command.RunWithAsync(environment, "dotnet", [Repository.Sample(sample), .. arguments]);
}
