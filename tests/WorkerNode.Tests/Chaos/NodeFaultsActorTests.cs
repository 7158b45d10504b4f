using System.Diagnostics;
using Actors.Messages.Chaos;
using Actors.Remoting.Chaos;
using Actors.Remoting.Dispatch;
using Actors.Testing;
using Actors.WorkerNode.Chaos;
using Akka.Actor;
using Akka.Actor.Setup;

namespace Actors.WorkerNode.Tests.Chaos;

/// <summary>A node that permits chaos, with a process of its own as a worker.</summary>
public sealed class NodeFaultsActorTests : PatientTestKit
{
    private readonly ActorSystem _permitting = ActorSystem.Create(
        "permitting", ActorSystemSetup.Create(new ChaosSetup(), BootstrapSetup.Create()));

    [Fact]
    public void Fault_NotPermitted_IsRefusedWithTheRemedy()
    {
        var node = Sys.ActorOf(ActorProps.Create(() => new NodeFaultsActor("n")));

        node.Tell(Request(ChaosFaultKind.KillProcess));

        var refused = ExpectMsg<ChaosProtocol.FaultRefused>();
        Assert.Equal(7, refused.Number);
        Assert.Equal("node n does not permit chaos. Restart it with --allow-chaos.", refused.Reason);
    }

    [Fact]
    public void Fault_OfASlowDisk_IsRefused()
    {
        StartPermitting().Tell(Request(ChaosFaultKind.SlowDisk));

        Assert.Contains("no store", ExpectMsg<ChaosProtocol.FaultRefused>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void KillWorker_NoWorker_IsRefused()
    {
        StartPermitting().Tell(Request(ChaosFaultKind.KillWorker));

        Assert.Contains("no workers", ExpectMsg<ChaosProtocol.FaultRefused>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KillWorker_RunningWorker_KillsIt()
    {
        using var worker = Process.Start("sleep", "600");
        var node = StartPermitting();
        node.Tell(new WorkerProcessChanged(worker.Id, IsRunning: true));
        node.Tell(new WorkerProcessChanged(1, IsRunning: true));
        node.Tell(new WorkerProcessChanged(1, IsRunning: false));

        node.Tell(Request(ChaosFaultKind.KillWorker));

        Assert.Equal($"worker process {worker.Id}", ExpectMsg<ChaosProtocol.FaultInjected>().Description);
        await worker.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(128 + 9, worker.ExitCode);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _permitting.Terminate().Wait(TimeSpan.FromSeconds(30));
    }

    private IActorRef StartPermitting() => _permitting.ActorOf(ActorProps.Create(() => new NodeFaultsActor("n")));

    private NodeFaultsActor.FaultRequested Request(ChaosFaultKind kind) =>
        new(new ChaosProtocol.InjectFault(7, "n", new ChaosFault(kind, 100, 3)), TestActor, TestActor);
}
