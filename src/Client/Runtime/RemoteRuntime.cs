using System.Collections.Concurrent;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Runtime;

/// <summary>The connection to a coordinator in another process.</summary>
internal sealed class RemoteRuntime : IClientRuntime
{
    /// <summary>The time after which a program tells its user that it waits for a coordinator.</summary>
    private static readonly TimeSpan SilentTime = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _lost = new();
    private readonly ConcurrentDictionary<string, BundleBuilder> _bundles = new();
    private readonly BundleUploader _code;

    private RemoteRuntime(ActorSystem system, IActorRef coordinator, CoordinatorProtocol.HandshakeReply welcome)
    {
        System = system;
        Coordinator = coordinator;
        _code = new BundleUploader(coordinator);
        Number = welcome.Number;
        Link = system.ActorOf(ActorProps.Create(() => new LinkWatchActor(coordinator, _lost)), RandomName.NewName("link"));
        Objects = new WireObjectChannel(new ActorObjectChannel(system, coordinator, Link, welcome.Owner), () => Durable.First);
    }

    /// <inheritdoc/>
    public ActorSystem System { get; }

    /// <inheritdoc/>
    public IActorRef Coordinator { get; }

    /// <inheritdoc/>
    public uint Number { get; }

    /// <inheritdoc/>
    public IObjectChannel Objects { get; }

    /// <inheritdoc/>
    public DurableChannels Durable { get; } = new();

    /// <inheritdoc/>
    public IActorRef Link { get; }

    /// <inheritdoc/>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Connects to one of the coordinators, in random order, to distribute clients over them.</summary>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys differ.</exception>
    public static async Task<IClientRuntime> ConnectAsync(
        ConnectionTarget target, AccessKey? key, TimeSpan patience, CancellationToken cancellationToken)
    {
        var addresses = target.Addresses;
        var tls = target.ReadCertificates();
        ConnectionLog.LogExposures(key, tls);
        var system = ActorSystemStarter.Start(
            RoleConfiguration.CreateClient(addresses), new LinkIdentity(new LinkKeys(key), tls, addresses));
        try
        {
            using var waiting = new Timer(_ => ConnectionLog.LogWait(addresses, patience), null, SilentTime, Timeout.InfiniteTimeSpan);
            var (coordinator, welcome) = await CoordinatorConnector.ConnectToAnyAsync(
                system, addresses, patience, cancellationToken).ConfigureAwait(false);
            return new RemoteRuntime(system, coordinator, welcome);
        }
        catch (Exception exception)
        {
            await system.Terminate().ConfigureAwait(false);
            // A canceled request can end with any exception.
            if (cancellationToken.IsCancellationRequested)
                throw new OperationCanceledException("Connecting to the coordinator was canceled.", exception, cancellationToken);
            if (exception is TimeoutException)
            {
                throw new CoordinatorUnreachableException(
                    $"{exception.Message} Start one with: actors coordinator --port {addresses[0].Port}", exception);
            }

            if (exception is OtherVersionException)
                throw new CoordinatorUnreachableException(exception.Message, exception);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IActorRef> GetPoolOpenerAsync(DurableStore? store, CancellationToken cancellationToken) => Task.FromResult(Coordinator);

    /// <inheritdoc/>
    public async Task<BundleId> ProvideCodeAsync(IReadOnlyList<string> files, bool isDurable, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lost);
        try
        {
            return await Task.Run(
                () => _code.UploadBundleAsync(GetBundle(files), either.Token), either.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CoordinatorLostException("The connection to the coordinator broke.", exception);
        }
    }

    /// <summary>Does nothing: the nodes of the cluster start the workers.</summary>
    public void RequireWorkers(int count)
    {
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await System.Terminate().ConfigureAwait(false);

    /// <summary>Gets the bundle with the files of a pool. Its contents are hashed once.</summary>
    private BundleBuilder GetBundle(IReadOnlyList<string> files) => _bundles.GetOrAdd(
        string.Join('\n', files), static (_, patterns) => BundleBuilder.BuildForThisProcess(BundledFiles.Find(patterns)), files);
}
