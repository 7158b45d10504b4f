using System.Net;
using System.Net.Sockets;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Runtime;

/// <summary>The way to a coordinator that is a process of its own.</summary>
internal sealed class RemoteRuntime : IClientRuntime
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly ActorObjectChannel _objects;
    private readonly Lazy<BundleBuilder> _bundle = new(BundleBuilder.OfThisProcess);

    private RemoteRuntime(ActorSystem system, IActorRef coordinator, string home)
    {
        System = system;
        Coordinator = coordinator;
        Home = home;
        _objects = new ActorObjectChannel(system, coordinator, home);
        Objects = new WireObjectChannel(_objects, () => Durable);
        system.ActorOf(Props.Create(() => new LinkWatchActor(coordinator, OnLost)));
    }

    /// <inheritdoc/>
    public ActorSystem System { get; }

    /// <inheritdoc/>
    public IActorRef Coordinator { get; }

    /// <inheritdoc/>
    public string Home { get; }

    /// <inheritdoc/>
    public IObjectChannel Objects { get; }

    /// <inheritdoc/>
    public IObjectChannel? Durable { get; set; }

    /// <summary>The connection broke or the coordinator ended: this runtime is of no use any more, a new one may be.</summary>
    public bool IsLost { get; private set; }

    /// <summary>To any of them, not always the same: so that clients are spread over the coordinators.</summary>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys differ.</exception>
    public static async Task<IClientRuntime> ConnectAsync(IReadOnlyList<HostPort> addresses, AccessKey? key, CancellationToken cancellationToken)
    {
        if (addresses.Count == 1)
            return await ConnectAsync(addresses[0], key, ConnectTimeout, cancellationToken).ConfigureAwait(false);
        var first = Random.Shared.Next(addresses.Count);
        var since = Environment.TickCount64;
        for (var i = first; ; i++)
        {
            var at = addresses[i % addresses.Count];
            try
            {
                if (await PortProbe.ConnectAsync(at, AnswerTimeout, cancellationToken).ConfigureAwait(false) == SocketError.Success)
                    return await ConnectAsync(at, key, AnswerTimeout, cancellationToken).ConfigureAwait(false);
            }
            catch (CoordinatorUnreachableException exception) when (Environment.TickCount64 - since > ConnectTimeout.TotalMilliseconds)
            {
                throw new CoordinatorUnreachableException($"None of {string.Join(", ", addresses)} answers.", exception);
            }
            catch (CoordinatorUnreachableException)
            {
                // Another may.
            }

            if (Environment.TickCount64 - since > ConnectTimeout.TotalMilliseconds)
                throw new CoordinatorUnreachableException($"None of {string.Join(", ", addresses)} answers within {ConnectTimeout.TotalSeconds:0} s.");
            await Task.Delay(50, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<IClientRuntime> ConnectAsync(HostPort at, AccessKey? key, TimeSpan patience, CancellationToken cancellationToken)
    {
        var tls = TlsIdentity.OfDirectory(null);
        Loopback.Require(at.Host, tls, isInsecure: false);
        var system = ActorSystemStarter.Start(OwnAddress(at).WithFallback(RoleConfiguration.Client()), tls);
        try
        {
            var (coordinator, welcome) = await FindAsync(system, at, new Handshake(at, key), patience, cancellationToken).ConfigureAwait(false);
            return new RemoteRuntime(system, coordinator, welcome.Home);
        }
        catch (OtherVersionException exception)
        {
            await system.Terminate().ConfigureAwait(false);
            throw new CoordinatorUnreachableException(exception.Message, exception);
        }
        catch
        {
            await system.Terminate().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Avoid() => IsLost = true;

    /// <inheritdoc/>
    public Task<IActorRef> PoolsAsync(DurableStore? store, CancellationToken cancellationToken) => Task.FromResult(Coordinator);

    /// <inheritdoc/>
    public Task<BundleId> ProvideCodeAsync(bool isKept, CancellationToken cancellationToken) =>
        Task.Run(() => BundleUploader.UploadAsync(Coordinator, _bundle.Value, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await System.Terminate().ConfigureAwait(false);

    private static async Task<(IActorRef, CoordinatorProtocol.Welcome)> FindAsync(
        ActorSystem system, HostPort at, Handshake handshake, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(patience);
        var address = Endpoints.SystemAddress(system, at);
        while (true)
        {
            try
            {
                var door = await system.ActorSelection(Endpoints.CoordinatorPath(address)).ResolveOne(AnswerTimeout, timeout.Token).ConfigureAwait(false);
                var welcome = await EnterAsync(door, handshake, timeout.Token).ConfigureAwait(false);
                var coordinator = system.ActorSelection(Endpoints.CoordinatorPath(address, welcome.Name));
                return (await coordinator.ResolveOne(AnswerTimeout, timeout.Token).ConfigureAwait(false), welcome);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested
                && exception is ActorNotFoundException or AskTimeoutException or OperationCanceledException)
            {
                if (timeout.IsCancellationRequested)
                    throw Unreachable(at, exception);
                // It may be starting.
                await Task.Delay(100, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<CoordinatorProtocol.Welcome> EnterAsync(IActorRef door, Handshake handshake, CancellationToken cancellationToken)
    {
        var word = await door.Ask<CoordinatorProtocol.IFromDoor>(handshake.Hello, AnswerTimeout, cancellationToken).ConfigureAwait(false);
        while (handshake.Reply(word) is { } answer)
            word = await door.Ask<CoordinatorProtocol.IFromDoor>(answer, AnswerTimeout, cancellationToken).ConfigureAwait(false);
        return (CoordinatorProtocol.Welcome)word;
    }

    private static CoordinatorUnreachableException Unreachable(HostPort at, Exception exception) => new(
        $"No coordinator answers at {at} within {ConnectTimeout.TotalSeconds:0} s. Start one with: dotnet run --project src/Coordinator -- --port {at.Port}",
        exception);

    /// <summary>On another machine than the coordinator's, 127.0.0.1 would name somebody else.</summary>
    private static Config OwnAddress(HostPort at) => Loopback.Is(at.Host)
        ? Config.Empty
        : ConfigurationFactory.ParseString($"akka.remote.dot-netty.tcp {{ public-hostname = \"{Dns.GetHostName()}\"\n hostname = \"0.0.0.0\" }}");

    private void OnLost()
    {
        IsLost = true;
        _objects.Lost(new CoordinatorLostException("The connection to the coordinator broke."));
    }
}
