using System.Net.Sockets;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Akka.Actor;

namespace Actors.Runtime;

/// <summary>The way to a coordinator that is a process of its own.</summary>
internal sealed class RemoteRuntime : IClientRuntime
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly ActorObjectChannel _objects;
    private readonly CancellationTokenSource _lost = new();
    private readonly Lazy<BundleBuilder> _bundle = new(BundleBuilder.OfThisProcess);

    private RemoteRuntime(ActorSystem system, IActorRef coordinator, CoordinatorProtocol.Welcome welcome)
    {
        System = system;
        Coordinator = coordinator;
        (Home, Number) = (welcome.Home, welcome.Number);
        _objects = new ActorObjectChannel(system, coordinator, welcome.Home);
        Objects = new WireObjectChannel(_objects, () => Durable.Any);
        system.ActorOf(Props.Create(() => new LinkWatchActor(coordinator, OnLost)));
    }

    /// <inheritdoc/>
    public ActorSystem System { get; }

    /// <inheritdoc/>
    public IActorRef Coordinator { get; }

    /// <inheritdoc/>
    public string Home { get; }

    /// <inheritdoc/>
    public uint Number { get; }

    /// <inheritdoc/>
    public IObjectChannel Objects { get; }

    /// <inheritdoc/>
    public DurableWays Durable { get; } = new();

    /// <inheritdoc/>
    public CancellationToken Lost => _lost.Token;

    /// <summary>To any of them, not always the same: so that clients are spread over the coordinators.</summary>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys differ.</exception>
    public static async Task<IClientRuntime> ConnectAsync(IReadOnlyList<HostPort> addresses, AccessKey? key, CancellationToken cancellationToken)
    {
        if (addresses.Count == 1)
            return await ConnectAsync(addresses[0], key, ConnectTimeout, cancellationToken).ConfigureAwait(false);
        var first = Random.Shared.Next(addresses.Count);
        var since = Environment.TickCount64;
        var patience = AnswerTimeout;
        for (var i = first; ; i++)
        {
            var at = addresses[i % addresses.Count];
            try
            {
                if (await PortProbe.ConnectAsync(at, AnswerTimeout, cancellationToken).ConfigureAwait(false) == SocketError.Success)
                    return await ConnectAsync(at, key, patience, cancellationToken).ConfigureAwait(false);
            }
            catch (CoordinatorUnreachableException exception) when (Environment.TickCount64 - since > ConnectTimeout.TotalMilliseconds)
            {
                throw new CoordinatorUnreachableException($"None of {string.Join(", ", addresses)} answers.", exception);
            }
            catch (CoordinatorUnreachableException)
            {
                // Another may; or none does so quickly, on a machine that has much else to do.
                patience *= 2;
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
        var system = ActorSystemStarter.Start(RoleConfiguration.Client(at), tls);
        try
        {
            var (coordinator, welcome) = await Entrance.PassAsync(system, at, new Handshake(at, key), patience, cancellationToken).ConfigureAwait(false);
            return new RemoteRuntime(system, coordinator, welcome);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested)
        {
            await system.Terminate().ConfigureAwait(false);
            // Whatever a question that was given up ends with.
            throw new OperationCanceledException($"Connecting to {at} was given up.", exception, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            await system.Terminate().ConfigureAwait(false);
            throw Unreachable(at, exception);
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
    public void Avoid() => _lost.Cancel();

    /// <inheritdoc/>
    public Task<IActorRef> PoolsAsync(DurableStore? store, CancellationToken cancellationToken) => Task.FromResult(Coordinator);

    /// <inheritdoc/>
    public async Task<BundleId> ProvideCodeAsync(bool isKept, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _lost.Token);
        try
        {
            return await Task.Run(() => BundleUploader.UploadAsync(Coordinator, _bundle.Value, either.Token), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw LinkBroke(exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await System.Terminate().ConfigureAwait(false);

    private static CoordinatorUnreachableException Unreachable(HostPort at, Exception exception) => new(
        $"No coordinator answers at {at} within {ConnectTimeout.TotalSeconds:0} s. Start one with: dotnet run --project src/Coordinator -- --port {at.Port}",
        exception);

    private void OnLost()
    {
        _lost.Cancel();
        _objects.Lost(LinkBroke());
    }

    private static CoordinatorLostException LinkBroke(Exception? inner = null) => new("The connection to the coordinator broke.", inner);
}
