using System.Security.Cryptography;
using Actors.Remoting.Chaos;
using Akka.Actor;
using Akka.Remote.Transport;
using AkkaTransport = Akka.Remote.Transport.Transport;

namespace Actors.Remoting.Transport;

/// <summary>Creates the <see cref="AuthenticatedTransport"/> of an actor system. The configuration names this type.</summary>
public sealed class AuthenticatedTransportProvider : ITransportAdapterProvider
{
    /// <inheritdoc/>
    public AkkaTransport Create(AkkaTransport wrappedTransport, ExtendedActorSystem system) =>
        new AuthenticatedTransport(wrappedTransport, system);
}

/// <summary>
/// A transport between the remoting of the framework and its sockets. No message is sent or delivered before both sides of a connection
/// have proven their role and address (<see cref="LinkHandshake"/>). It does not change the scheme of addresses.
/// </summary>
public sealed class AuthenticatedTransport : AkkaTransport
{
    private readonly AkkaTransport _wrapped;
    private readonly LinkIdentity _identity;
    private readonly TimeSpan _handshakeTimeout;
    private readonly PendingLinks<AuthenticatedLink> _pending = new(LinkLimits.MaxPending);
    private LinkParty? _self;
    private LinkContext? _context;

    public AuthenticatedTransport(AkkaTransport wrapped, ExtendedActorSystem system)
    {
        (_wrapped, _identity) = (wrapped, LinkIdentity.GetIdentity(system));
        (System, Config, MaximumPayloadBytes) = (system, wrapped.Config, wrapped.MaximumPayloadBytes);
        _handshakeTimeout = LinkLimits.GetHandshakeTimeout(system.Settings.Config);
    }

    /// <inheritdoc/>
    public override string SchemeIdentifier => _wrapped.SchemeIdentifier;

    private LinkParty Self =>
        _self ?? throw new InvalidOperationException("The transport does not listen yet. Start the actor system first.");

    /// <inheritdoc/>
    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var (address, upstream) = await _wrapped.Listen().ConfigureAwait(false);
        _self = _identity.ToParty(System.Settings.Config, HostPort.FromAddress(address));
        _context = new LinkContext(
            _self.Role, address, ProvenLinks.GetLinks(System), Akka.Event.Logging.GetLogger(System, typeof(AuthenticatedTransport)),
            ChaosSetup.FindSetup(System)?.Links, (ExtendedActorSystem)System, ReadLimit(LinkLimits.UnhandledSetting),
            ReadLimit(LinkLimits.UnsentSetting), new LinkShares(), CreateFrames(), (int)MaximumPayloadBytes, _identity.Tls,
            FindRefusalAsync);
        var listener = new TaskCompletionSource<IAssociationEventListener>();
        _ = listener.Task.ContinueWith(
            registered => upstream.TrySetResult(new LinkAcceptor(this, registered.Result)),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default);
        return (address, listener);
    }

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => _wrapped.IsResponsibleFor(remote);

    /// <inheritdoc/>
    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        var at = HostPort.FromAddress(remoteAddress);
        var link = await DialAsync(remoteAddress, refusal => ReportRefusal(at, refusal)).ConfigureAwait(false);
        _identity.Refusals.RemoveRefusal(at);
        if (link.Peer.Role == LinkRole.Coordinator)
            _identity.Coordinators.Add(at);
        return link;
    }

    /// <inheritdoc/>
    public override Task<bool> Shutdown() => _wrapped.Shutdown();

    /// <inheritdoc/>
    public override Task<bool> ManagementCommand(object message) => _wrapped.ManagementCommand(message);

    private async Task<AuthenticatedLink> DialAsync(Address remoteAddress, Action<LinkRefusal> onRefused)
    {
        var at = HostPort.FromAddress(remoteAddress);
        var handle = await _wrapped.Associate(remoteAddress).ConfigureAwait(false);
        var opened = new TaskCompletionSource<AuthenticatedLink>(TaskCreationOptions.RunContinuationsAsynchronously);
        OpenLink(handle, new InitiatorHandshake(Self, at, NewNonce()), opened.SetResult, refusal =>
        {
            onRefused(refusal);
            opened.SetException(new InvalidAssociationException($"No connection with {at}: {refusal.Reason}"));
        });
        return await opened.Task.ConfigureAwait(false);
    }

    /// <summary>
    /// Finds the reason to refuse a coordinator that has connected. Its key alone does not prove its role, and it can claim any address. So
    /// it must be the program that listens at a known address: a connection there leads to a program with the same random number.
    /// </summary>
    private async Task<LinkRefusal?> FindRefusalAsync(LinkPeer claimed)
    {
        var at = claimed.Address;
        if (_context!.Proven.IsConnected(claimed))
            return null;
        if (!_identity.Coordinators.Contains(at))
            return new LinkRefusal(LinkRefusalCode.Address, $"{at} is not the address of a coordinator that it knows.");
        try
        {
            var link = await DialAsync(_context.Address.WithHost(at.Host).WithPort(at.Port), _ => { }).ConfigureAwait(false);
            var isSame = link.Peer.IsSameProgram(claimed);
            link.Close();
            return isSame ? null : new LinkRefusal(LinkRefusalCode.Address, $"another program listens at {at}.");
        }
#pragma warning disable CA1031 // After any failure, the connection is not confirmed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new LinkRefusal(LinkRefusalCode.Limit, $"it cannot connect to {at} to confirm the address: {exception.Message}");
        }
    }

    private PartialFrames CreateFrames() => new(
        LinkLimits.PartialFrames * MaximumPayloadBytes, TimeProvider.System,
        check => System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromSeconds(1), check));

    private long ReadLimit(string setting) => LinkLimits.GetByteLimit(System.Settings.Config, setting);

    private static byte[] NewNonce() => RandomNumberGenerator.GetBytes(LinkFrame.NonceLength);

    private void ReportRefusal(HostPort at, LinkRefusal refusal)
    {
        _identity.Refusals.AddRefusal(at, refusal);
        if (!refusal.IsTemporary)
            System.EventStream.Publish(new LinkRefused(at, refusal));
    }

    private void OpenLink(
        AssociationHandle handle, LinkHandshake handshake, Action<AuthenticatedLink> onOpened, Action<LinkRefusal> onRefused)
    {
        var link = new AuthenticatedLink(
            handle, handshake, _context!,
            opened =>
            {
                _pending.RemoveLink(opened);
                onOpened(opened);
            },
            (refused, refusal) =>
            {
                _pending.RemoveLink(refused);
                onRefused(refusal);
            });
        _pending.AddLink(link, link.Source.Network)
            ?.CloseUnlessProven("there are too many connections that have not completed their handshake.");
        System.Scheduler.Advanced.ScheduleOnce(_handshakeTimeout, () => link.CloseUnlessProven("the handshake took too long."));
        link.StartHandshake();
    }

    /// <summary>Passes accepted connections to the framework when their handshake has completed.</summary>
    private sealed class LinkAcceptor(AuthenticatedTransport transport, IAssociationEventListener upstream) : IAssociationEventListener
    {
        /// <inheritdoc/>
        public void Notify(IAssociationEvent ev)
        {
            if (ev is InboundAssociation { Association: { } handle })
            {
                transport.OpenLink(
                    handle, new AcceptorHandshake(transport.Self, NewNonce()), link => upstream.Notify(new InboundAssociation(link)),
                    _ => { });
            }
        }
    }
}
