using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>Who may open a durable pool, and what others may not say to it.</summary>
public sealed class DurablePoolAccessTests : PatientTestKit
{
    private static readonly byte[] Ticket = [1, 2, 3];

    private readonly PoolId _id = PoolId.Named("pool");
    private readonly TestProbe _client;
    private readonly TestProbe _stranger;
    private readonly IActorRef _pool;

    public DurablePoolAccessTests()
    {
        (_client, _stranger) = (CreateTestProbe(), CreateTestProbe());
        var (nodes, plugins) = (CreateTestProbe().Ref, new JournalPlugins("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem"));
        _pool = Sys.ActorOf(Props.Create(() => new DurablePoolActor(_id, nodes, plugins, TimeProvider.System, "farewell", Ticket)));
    }

    [Fact]
    public void Open_WithoutItsTicket_IsRefused()
    {
        Open(_stranger, default);
        _stranger.ExpectMsg<PoolProtocol.Refused>();
        Open(_stranger, new byte[] { 1, 2, 4 });
        _stranger.ExpectMsg<PoolProtocol.Refused>();
        Open(_client, Ticket);
        _client.ExpectMsg<PoolProtocol.Opened>();
    }

    [Fact]
    public void WhatAStrangerSays_IsNotHeard()
    {
        Open(_client, Ticket);
        _client.ExpectMsg<PoolProtocol.Opened>();

        _pool.Tell(new PoolProtocol.Close(), _stranger);
        _pool.Tell(new PoolProtocol.Terminate(), _stranger);
        _pool.Tell(new PoolProtocol.Detach(Unload: false), _stranger);
        _pool.Tell(new PoolProtocol.Detach(Unload: true), _stranger);
        Open(_client, Ticket);

        Assert.False(_client.ExpectMsg<PoolProtocol.Opened>().IsClosed);
    }

    private void Open(TestProbe client, ReadOnlyMemory<byte> ticket) =>
        _pool.Tell(new PoolProtocol.Open(_id, PoolSchedule.Spec() with { Name = "pool" }, ticket), client);
}
