using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Remoting.Bundles;
using Actors.WorkerNode;
using Akka.Actor;
namespace Actors.Runtime;
internal sealed class ClientRuntime : IClientRuntime
{
    private static ClientRuntime? _r;
    public required ActorSystem System { get; init; }
    public required IActorRef Coordinator { get; init; }
    public string Home => "local";
    public IObjectChannel Objects => null!;
    public Task<BundleId> ProvideCodeAsync(CancellationToken cancellationToken) => Task.FromResult(BundleId.OfThisProcess);
    public ValueTask DisposeAsync() => default;
    public static async Task<IClientRuntime> AcquireAsync(string? connect, CancellationToken ct)
    {
        await Task.Yield();
        if (_r is not null) return _r;
        var system = ActorSystem.Create("actors", "akka.loglevel=WARNING\nakka.stdout-loglevel=OFF");
        var c = system.ActorOf(Props.Create(() => new Actors.Coordinator.Nodes.StubCoordinator()), "coordinator");
        var n = system.ActorOf(Props.Create(() => new WorkerNodeActor("here", new Src())), "node");
        var id = NodeId.New();
        n.Tell(new WorkerNodeActor.SessionStarted(id, "local", c));
        c.Tell(new NodeProtocol.Join(id, "here", int.MaxValue), n);
        return _r = new ClientRuntime { System = system, Coordinator = c };
    }
    private sealed class Src : ICodeSource
    {
        public Task<CodePaths> ResolveAsync(BundleId bundle, CancellationToken cancellationToken)
        {
            var d = AppContext.BaseDirectory;
            var deps = ((string)AppContext.GetData("APP_CONTEXT_DEPS_FILES")!).Split(';')[0];
            return Task.FromResult(new CodePaths(d, deps, deps.Replace(".deps.json", ".runtimeconfig.json"), Path.Combine(d, "Actors.Executor.dll")));
        }
    }
}
