using System.Diagnostics;
using System.Net.Sockets;
using Actors.Messages;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>Connects a program to a coordinator: asks the gateway, which has a well-known name, for the coordinator's actor.</summary>
internal static class CoordinatorConnector
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(50);

    /// <summary>Connects to one of several coordinators. It starts with a random one, which spreads programs over them.</summary>
    /// <param name="system">The actor system of this program.</param>
    /// <param name="coordinators">The addresses of the coordinators. They may still be starting.</param>
    /// <param name="patience">The time limit for all attempts.</param>
    /// <param name="cancellationToken">Cancels the attempts.</param>
    /// <exception cref="TimeoutException">No coordinator answers.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys, certificates or users differ.</exception>
    /// <exception cref="OtherVersionException">The coordinator has a version that this program does not understand.</exception>
    public static async Task<(IActorRef Coordinator, CoordinatorProtocol.HandshakeReply Welcome)> ConnectToAnyAsync(
        ActorSystem system, IReadOnlyList<HostPort> coordinators, TimeSpan patience, CancellationToken cancellationToken)
    {
        var first = Random.Shared.Next(coordinators.Count);
        var clock = Stopwatch.StartNew();
        for (var attempt = 0; ; attempt++)
        {
            var at = coordinators[(first + attempt) % coordinators.Count];
            var left = patience - clock.Elapsed;
            if (left <= TimeSpan.Zero)
            {
                throw new TimeoutException(
                    $"No coordinator answers at {string.Join(", ", coordinators)} within {patience.TotalSeconds:0} s.");
            }

            // A paused coordinator accepts connections and does not answer. On a busy machine all are slow, so each round gives more time.
            var turn = TimeSpan.FromTicks(Math.Min(left.Ticks, AnswerTimeout.Ticks * (1 + (attempt / coordinators.Count))));
            try
            {
                if (await PortProbe.ProbePortAsync(at, turn, cancellationToken).ConfigureAwait(false) == SocketError.Success)
                    return await ConnectToAsync(system, at, turn, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // Try the next coordinator.
            }
            catch (OtherVersionException) when (coordinators.Count > 1 && clock.Elapsed < patience)
            {
                // Another coordinator may have this program's version during a rolling upgrade.
            }

            await Task.Delay(PauseBetweenAttempts, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<(IActorRef Coordinator, CoordinatorProtocol.HandshakeReply Welcome)> ConnectToAsync(
        ActorSystem system, HostPort at, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(patience);
        var refused = LinkIdentity.GetIdentity(system).Refusals.WhenRefused(at);
        _ = refused.ContinueWith(_ => CancelQuietly(timeout), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var address = Endpoints.SystemAddress(system, at);
        while (true)
        {
            try
            {
                var gateway = await FindActorAsync(system, Endpoints.CoordinatorPath(address), timeout.Token).ConfigureAwait(false);
                var welcome = await PeerAsk.AskAsync<CoordinatorProtocol.HandshakeReply>(
                    gateway, new CoordinatorProtocol.Handshake(CoordinatorProtocol.Version), AnswerTimeout, timeout.Token)
                    .ConfigureAwait(false);
                OtherVersionException.ThrowIfNotUnderstood(at, welcome);
                var path = Endpoints.CoordinatorPath(address, welcome.Name);
                return (await FindActorAsync(system, path, timeout.Token).ConfigureAwait(false), welcome);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested
                && exception is ActorNotFoundException or AskTimeoutException or OperationCanceledException)
            {
                if (refused.IsCompleted)
                    throw (await refused.ConfigureAwait(false)).ToException(at);
                if (timeout.IsCancellationRequested)
                    throw new TimeoutException($"No coordinator answers at {at} within {patience.TotalSeconds:0} s.", exception);
                // The coordinator may still be starting.
                await Task.Delay(PauseBetweenAttempts, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <exception cref="ActorNotFoundException">There is no such actor.</exception>
    private static async Task<IActorRef> FindActorAsync(ActorSystem system, ActorPath path, CancellationToken cancellationToken)
    {
        var actor = ((ExtendedActorSystem)system).Provider.ResolveActorRef(path);
        var identity = await PeerAsk.AskAsync<ActorIdentity>(
            actor, new Identify(null), AnswerTimeout, cancellationToken).ConfigureAwait(false);
        return identity.Subject is { } subject && subject.IsInProcessOf(actor)
            ? subject
            : throw new ActorNotFoundException($"There is no actor at {path}.");
    }

    /// <summary>Cancels an attempt that may have completed and disposed its source.</summary>
    private static void CancelQuietly(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt has completed.
        }
    }
}
