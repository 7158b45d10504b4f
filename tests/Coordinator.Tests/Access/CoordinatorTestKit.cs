using Actors.Coordinator.Bundles;
using Actors.Coordinator.Payloads;
using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Coordinator.Tests.Pools;
using Actors.Remoting;
using Actors.Remoting.Bundles;
using Actors.Remoting.Data;
using Actors.Remoting.Payloads;
using Actors.Remoting.Transport;
using Actors.Testing;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>
/// A coordinator and its peers for tests of the rights of a peer. Each is an actor system of this process, and they are connected over
/// loopback. The tests send messages as a hostile program could.
/// </summary>
public abstract class CoordinatorTestKit : PatientTestKit
{
    /// <summary>How long a test waits for a message.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PayloadDirectory _payloads;
    private readonly List<ActorSystem> _systems = [];

    /// <param name="space">The space for payloads and for code, in bytes.</param>
    /// <param name="settings">Further settings of the coordinator's actor system.</param>
    private protected CoordinatorTestKit(long space, string settings = "")
    {
        Files = Directory.CreateTempSubdirectory("coordinator-test-").FullName;
        Data = LocalData.StartListening();
        _payloads = PayloadDirectory.CreateIn(Path.Combine(Files, "payloads"));
        Home = StartSystem(settings);
        CoordinatorActor = CoordinatorStarter.StartCoordinator(
            Home, new CodeStore(new BundleStore(Files) { Space = space }, Data), null, CoordinatorIdentity.CreateStandalone(),
            new PayloadStore(_payloads, PayloadLimits.FromSpace(space), Data));
    }

    /// <summary>The directory of the coordinator's files.</summary>
    protected string Files { get; }

    /// <summary>The data port of the coordinator.</summary>
    private protected DataListener Data { get; }

    /// <summary>The actor system of the coordinator.</summary>
    protected ActorSystem Home { get; }

    /// <summary>The coordinator, as its own actor system sees it.</summary>
    protected IActorRef CoordinatorActor { get; }

    /// <summary>Starts the actor system of a peer.</summary>
    protected ActorSystem StartSystem(string settings = "") => StartSystem(LinkRole.Client, settings);

    /// <summary>Starts the actor system of a peer with a role on the data port.</summary>
    private protected ActorSystem StartSystem(LinkRole role, string settings = "")
    {
        var system = ActorSystemStarter.Start(
            ConfigurationFactory.ParseString(settings).WithFallback(UnprovenLinks.Of(RoleConfiguration.CreateClient())));
        LocalData.Connect(system, ActorSystemStarter.GetAddress(system), role);
        _systems.Add(system);
        return system;
    }

    /// <summary>Creates an actor of a peer that records its messages.</summary>
    protected TestProbe CreateProbe(ActorSystem system) => new(system, Assertions);

    /// <summary>Gets a coordinator's actor as another actor system sees it.</summary>
    protected IActorRef Seen(IActorRef actor, ActorSystem from) => ((ExtendedActorSystem)from).Provider.ResolveActorRef(
        new RootActorPath(((ExtendedActorSystem)Home).Provider.DefaultAddress) / actor.Path.Elements);

    /// <summary>Opens a pool for a client.</summary>
    protected IActorRef OpenPool(ActorSystem system, TestProbe client)
    {
        Seen(CoordinatorActor, system).Tell(new PoolProtocol.OpenPool(PoolId.New(), PoolSchedule.Spec()), client);
        client.ExpectMsg<PoolProtocol.PoolOpened>(Patience);
        return client.LastSender;
    }

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        Task.WhenAll(_systems.Select(system => system.Terminate())).Wait(Patience);
        base.AfterAll();
        Data.Dispose();
        _payloads.Dispose();
        Directory.Delete(Files, recursive: true);
    }
}
