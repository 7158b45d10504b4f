using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>A client creates an object for which the coordinator has no memory.</summary>
public sealed class LargeObjectTests
{
    /// <summary>The exception ended the actor of all managed objects, so that those of all clients were lost.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Create_ObjectWithoutMemoryForIt_LeavesTheOthers()
    {
        await using var cluster = new TestCluster();
        await cluster.RunWith(
            new() { ["DOTNET_GCHeapHardLimit"] = "0xC000000" }, "Actors.Coordinator.dll", "--port", $"{cluster.Port}")
            .SaysAsync("coordinator is a member");
        await using var manager = await Manager.ConnectAsync(cluster.Address);
        var queue = await manager.CreateQueueAsync<int>();
        await queue.PutAsync(3);

        await Assert.ThrowsAsync<ClientLimitException>(() => manager.CreateArrayAsync<byte>(500 << 20));

        Assert.Equal(3, await queue.GetAsync());
    }
}
