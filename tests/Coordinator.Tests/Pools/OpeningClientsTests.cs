using Actors.Coordinator.Clients;
using Actors.Coordinator.Pools;
using Actors.Coordinator.Tests.Clients;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

public sealed class OpeningClientsTests
{
    private readonly OpeningClients _clients = new();
    private readonly ClientUsage _usage = new(TestLimits.Read("actors.client-limits { pools = 9, job-memory = 1MiB }"));

    [Fact]
    public void TakeWaiting_SeveralClients_ReleasesTheMemoryOfEach()
    {
        var (first, second) = (new Recipient(), new Recipient());
        AddWaiting(first, "a");
        AddWaiting(second, "b");
        Assert.Equal((true, "b", 2), (_clients.IsWaiting(first), _clients.LastName, _usage.GetUsed(ClientResource.Pools)));

        var taken = _clients.TakeWaiting().Select(static client => client.Client).ToList();

        Assert.Equal([first, second], taken);
        Assert.Equal((false, 0), (_clients.HasWaiting, _usage.GetUsed(ClientResource.Pools)));
    }

    [Fact]
    public void RemoveRefused_OneClient_LeavesTheOthers()
    {
        var (refused, other) = (new Recipient(), new Recipient());
        AddWaiting(refused, "a");
        AddWaiting(other, "b");

        _clients.RemoveRefused((client, _) => client == refused);

        Assert.Equal((false, true), (_clients.IsWaiting(refused), _clients.IsWaiting(other)));
        Assert.Equal(1, _usage.GetUsed(ClientResource.Pools));
    }

    /// <summary>The charge of a client whose session is written belongs to its link.</summary>
    [Fact]
    public void RemoveConnecting_SessionIsWritten_KeepsTheMemoryInUse()
    {
        var client = new Recipient();
        _clients.AddConnecting(client, CreateCharge(CreateOpening("a")));
        Assert.True(_clients.IsConnecting(client));

        _clients.RemoveConnecting(client);
        _clients.EndCharges();

        Assert.Equal((false, 1), (_clients.HasConnecting, _usage.GetUsed(ClientResource.Pools)));
    }

    [Fact]
    public void EndCharges_AllClients_ReleasesTheirMemory()
    {
        var connecting = new Recipient();
        AddWaiting(new Recipient(), "a");
        _clients.AddConnecting(connecting, CreateCharge(CreateOpening("b")));
        Assert.Equal(2, _clients.All.Count());

        _clients.EndCharges();

        Assert.Equal(0, _usage.GetUsed(ClientResource.Pools));
        Assert.Equal([connecting], _clients.All);
    }

    private void AddWaiting(Recipient client, string name)
    {
        var opening = CreateOpening(name);
        _clients.AddWaiting(client, opening, CreateCharge(opening));
    }

    private PoolOpening CreateOpening(string name) => new(
        new PoolProtocol.OpenPool(PoolId.FromName(name), PoolSchedule.Spec() with { Name = name }, SessionId.New()), _usage);

    private OpenPoolCharge CreateCharge(PoolOpening opening) => OpenPoolCharge.TryCreate(_usage, opening.Message, out _)!;
}
