using Actors.Compose.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Compose.Tests;

/// <summary>The permissions, limits and exit of each container.</summary>
[Collection(ComposeCollection.Name)]
public sealed class ContainerTests(ComposeCluster cluster, ITestOutputHelper output)
{
    [ComposeFact]
    public async Task Programs_InContainers_AreNotRootAndCannotChangeTheirFiles()
    {
        await cluster.RepairAsync();

        foreach (var container in (await cluster.CoordinatorsAsync()).Concat(await cluster.NodesAsync()))
        {
            Assert.Equal("1654", (await Command.RunAsync("docker", "exec", container.Id, "id", "-u")).Trim());
            await Assert.ThrowsAsync<CommandFailedException>(
                () => Command.RunAsync("docker", "exec", container.Id, "touch", "/programs/x"));
        }

        var database = await cluster.OneAsync("postgres");
        Assert.DoesNotContain((await Command.RunAsync("docker", "top", database.Id)).Split('\n'),
            line => line.StartsWith("root ", StringComparison.Ordinal) && line.Contains("postgres", StringComparison.Ordinal));
    }

    [ComposeFact]
    public async Task Containers_AllServices_HaveLimits()
    {
        await cluster.RepairAsync();

        foreach (var container in await cluster.AllAsync())
        {
            Assert.NotEqual("0", await container.InspectAsync("{{.HostConfig.Memory}}"));
            Assert.NotEqual("0", await container.InspectAsync("{{.HostConfig.PidsLimit}}"));
            Assert.Equal("true", await container.InspectAsync("{{.HostConfig.ReadonlyRootfs}}"));
            Assert.Equal("[ALL]", await container.InspectAsync("{{.HostConfig.CapDrop}}"));
            Assert.Contains("no-new-privileges", await container.InspectAsync("{{.HostConfig.SecurityOpt}}"), StringComparison.Ordinal);
        }
    }

    [ComposeFact]
    public async Task Images_AllPrograms_AddLittleToTheRuntime()
    {
        foreach (var (image, runtime) in new[] { ("actors-coordinator", "aspnet"), ("actors-worker", "runtime") })
        {
            var more = await SizeAsync(image) - await SizeAsync($"mcr.microsoft.com/dotnet/{runtime}:10.0");
            output.WriteLine($"{image}: {more / 1e6:0.0} MB larger than its runtime image.");
            Assert.InRange(more, 0, 50_000_000);
        }
    }

    [ComposeFact]
    public async Task Stop_EveryContainer_ExitsWithinItsGracePeriod()
    {
        await cluster.RepairAsync();
        var all = await cluster.AllAsync();

        await cluster.ComposeAsync("stop");

        // A container that is killed after its grace period exits with 137.
        foreach (var container in all)
            Assert.Equal("exited 0", await container.InspectAsync("{{.State.Status}} {{.State.ExitCode}}"));
    }

    private static async Task<long> SizeAsync(string image) =>
        long.Parse(await Command.RunAsync("docker", "image", "inspect", "-f", "{{.Size}}", image));
}
