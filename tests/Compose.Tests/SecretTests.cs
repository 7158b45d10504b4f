using Actors.Compose.Tests.Programs;

namespace Actors.Compose.Tests;

/// <summary>The keys of clients and nodes and the password of the database are in files only.</summary>
[Collection(ComposeCollection.Name)]
public sealed class SecretTests(ComposeCluster cluster)
{
    private static readonly string[] Files = ["client-key", "node-key", "postgres-password"];

    [ComposeFact]
    public async Task Secrets_AfterADurableBatch_AreNeitherInProcessesNorLogsNorImages()
    {
        await using (var batch = await RecordedBatch.StartAsync(cluster, most: 200))
            await batch.FinishAsync();
        var secrets = Files.Select(file => File.ReadAllText(Path.Combine(cluster.Secrets, file)).Trim()).ToList();

        foreach (var container in (await cluster.CoordinatorsAsync()).Concat(await cluster.NodesAsync()))
        {
            var program = await AttackedProgram.FindAsync(container);
            AssertFree(secrets, $"the log of {container.HostName}", await container.LogAsync());
            AssertFree(secrets, $"docker inspect {container.HostName}", await container.InspectAsync("{{json .}}"));
            foreach (var process in program.Processes)
            {
                AssertFree(secrets, $"the environment of process {process}", File.ReadAllText($"/proc/{process}/environ"));
                AssertFree(secrets, $"the command line of process {process}", File.ReadAllText($"/proc/{process}/cmdline"));
            }
        }

        foreach (var image in new[] { "actors-coordinator", "actors-worker" })
            AssertFree(secrets, $"the history of {image}", await Command.RunAsync("docker", "history", "--no-trunc", image));
    }

    private static void AssertFree(List<string> secrets, string place, string text) =>
        Assert.False(secrets.Exists(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase)), $"A secret is in {place}.");
}
