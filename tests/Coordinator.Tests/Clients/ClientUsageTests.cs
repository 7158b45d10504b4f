using Actors.Coordinator.Clients;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Clients;

/// <summary><see cref="ClientUsage"/>, <see cref="ClientLimits"/> and <see cref="ClientMemory"/>.</summary>
public sealed class ClientUsageTests
{
    private const int Total = 1 << 20;

    private readonly ClientLimits _limits = TestLimits.Read("""
        actors {
          client-limits.total-memory = 1MiB
          durable-limits { memory = 1MiB, memory-each = 0, store-space = 0, store-check-interval = 1s }
        }
        """);

    private readonly ClientMemory _memory = new(Total);

    [Fact]
    public void TryAdd_SeveralClients_AreRefusedAboveTheTotal()
    {
        var clients = Enumerable.Range(0, 4).Select(_ => new ClientUsage(_limits, _memory)).ToList();
        Assert.Equal([true, true, true, false], clients.Select(client => client.TryAdd(ClientResource.JobMemory, 300 << 10)));
        Assert.Contains("actors.client-limits.total-memory", clients[3].FormatRefusal(ClientResource.JobMemory), StringComparison.Ordinal);

        clients[0].Add(ClientResource.JobMemory, -300 << 10);
        Assert.True(clients[3].TryAdd(ClientResource.ObjectMemory, 300 << 10));
        Assert.Equal(900 << 10, _memory.Used);
    }

    [Fact]
    public void TryAdd_ObjectsWithoutContents_CountTowardTheTotal()
    {
        var client = new ClientUsage(_limits, _memory);
        var objects = 0;
        while (client.TryAdd(ClientResource.Objects, 1))
            objects++;
        Assert.InRange(objects, 1, Total / 4096);
    }

    [Fact]
    public void ReadLimits_LargerThanAShareOfTheTotal_AreHalfOfIt()
    {
        Assert.Equal(Total / 2, _limits[ClientResource.JobMemory]);
        Assert.Equal(Total / 2, _limits[ClientResource.ObjectMemory]);
        Assert.Equal(Total / 2, _limits[ClientResource.UnreadAnswers]);
        Assert.Contains("actors.client-limits.total-memory", _limits.FormatRefusal(ClientResource.JobMemory), StringComparison.Ordinal);
        Assert.Equal(Total / 2 / (32 << 10), _limits[ClientResource.DurableQueues]);
        Assert.Contains("actors.durable-limits.memory", _limits.FormatRefusal(ClientResource.DurableQueues), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadLimits_Zero_IsAPartOfTheMemory()
    {
        var limits = TestLimits.Read("");
        Assert.Equal(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3, limits.TotalMemory);
        Assert.Equal(1000, limits[ClientResource.DurableQueues]);
    }

    /// <summary>Results of accepted jobs are kept above the limit.</summary>
    [Fact]
    public void Unread_AllClientsUseTooMuch_IsFullEarlier()
    {
        var client = new ClientUsage(TestLimits.Read("actors.client-limits.total-memory = 8MiB"), _memory);
        var other = new ClientUsage(_limits, _memory);
        client.Unread.Add(ActorRefs.Nobody, UnreadAnswers.AlwaysPermitted + 1);
        Assert.True(client.Unread.IsFull);
        client.Unread.Clear();
        client.Unread.Add(ActorRefs.Nobody, UnreadAnswers.AlwaysPermitted);
        other.Add(ClientResource.JobMemory, Total);
        Assert.True(client.IsTotalExceeded);
        Assert.False(client.Unread.IsFull);
    }

    [Fact]
    public void Unread_ForgedMarker_StaysFull()
    {
        var client = new ClientUsage(_limits, _memory);
        var marker = client.Unread.Add(ActorRefs.Nobody, Total)!;
        Assert.Null(client.Unread.Add(ActorRefs.Nobody, Total));
        Assert.Null(client.Unread.OnReceived(marker.Number + 1));
        Assert.True(client.Unread.IsFull);

        var next = client.Unread.OnReceived(marker.Number)!;
        Assert.Equal(Total, client.GetUsed(ClientResource.UnreadAnswers));
        Assert.Null(client.Unread.OnReceived(marker.Number));
        Assert.Null(client.Unread.OnReceived(next.Number));
        Assert.False(client.Unread.IsFull);
    }
}
