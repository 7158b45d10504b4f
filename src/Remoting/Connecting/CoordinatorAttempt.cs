using System.Net.Sockets;
using Actors.Messages;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>
/// Attempts to connect to one coordinator until it answers: asks the gateway, which has a well-known name, for the coordinator's actor.
/// </summary>
/// <param name="system">The actor system of this program.</param>
/// <param name="at">The address of the coordinator. It may still be starting.</param>
public sealed class CoordinatorAttempt(ActorSystem system, HostPort at)
{
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FirstAnswerTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly TaskCompletionSource _nextMayStart = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Completes when the attempt to reach the next coordinator may start: after a failure or a short time without an answer.
    /// </summary>
    public Task NextMayStart => _nextMayStart.Task;

    /// <summary>Connects.</summary>
    /// <param name="mayStart">Completes when this attempt may start.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys, certificates or users differ.</exception>
    /// <exception cref="OtherVersionException">The coordinator has a version that this program does not understand.</exception>
    public async Task<ConnectedCoordinator> ConnectAsync(Task mayStart, CancellationToken cancellationToken)
    {
        try
        {
            await mayStart.WaitAsync(cancellationToken).ConfigureAwait(false);
            using var headStart = new Timer(_ => _nextMayStart.TrySetResult(), null, HeadStart, Timeout.InfiniteTimeSpan);
            // On a busy machine each coordinator is slow, so each try gives more time than the one before.
            for (var answerTimeout = FirstAnswerTimeout; ; answerTimeout += FirstAnswerTimeout)
            {
                if (await TryOnceAsync(answerTimeout, cancellationToken).ConfigureAwait(false) is { } connected)
                    return connected;
                _nextMayStart.TrySetResult();
                await Task.Delay(PauseBetweenTries, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _nextMayStart.TrySetResult();
        }
    }

    /// <returns>Null if the coordinator did not answer.</returns>
    private async Task<ConnectedCoordinator?> TryOnceAsync(TimeSpan answerTimeout, CancellationToken cancellationToken)
    {
        if (await PortProbe.ProbePortAsync(at, answerTimeout, cancellationToken).ConfigureAwait(false) != SocketError.Success)
            return null;
        var refused = LinkIdentity.GetIdentity(system).Refusals.WhenRefused(at);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var handshake = ShakeHandsAsync(answerTimeout, ending.Token);
        await Task.WhenAny(handshake, refused).ConfigureAwait(false);
        if (refused.IsCompleted && !handshake.IsCompletedSuccessfully)
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)handshake).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw (await refused.ConfigureAwait(false)).ToException(at);
        }

        return await handshake.ConfigureAwait(false);
    }

    /// <returns>Null if the coordinator did not answer.</returns>
    private async Task<ConnectedCoordinator?> ShakeHandsAsync(TimeSpan answerTimeout, CancellationToken cancellationToken)
    {
        var address = Endpoints.SystemAddress(system, at);
        try
        {
            var gateway = await FindActorAsync(Endpoints.CoordinatorPath(address), answerTimeout, cancellationToken).ConfigureAwait(false);
            var welcome = await PeerAsk.AskAsync<CoordinatorProtocol.HandshakeReply>(
                gateway, new CoordinatorProtocol.Handshake(CoordinatorProtocol.Version), answerTimeout, cancellationToken)
                .ConfigureAwait(false);
            OtherVersionException.ThrowIfNotUnderstood(at, welcome);
            LinkIdentity.GetIdentity(system).Coordinators.AddTold(welcome.Coordinators);
            var path = Endpoints.CoordinatorPath(address, welcome.Name);
            return new(await FindActorAsync(path, answerTimeout, cancellationToken).ConfigureAwait(false), welcome);
        }
        catch (Exception exception) when (exception is ActorNotFoundException or AskTimeoutException)
        {
            return null;
        }
    }

    /// <exception cref="ActorNotFoundException">There is no such actor.</exception>
    private async Task<IActorRef> FindActorAsync(ActorPath path, TimeSpan answerTimeout, CancellationToken cancellationToken)
    {
        var actor = ((ExtendedActorSystem)system).Provider.ResolveActorRef(path);
        var identity = await PeerAsk.AskAsync<ActorIdentity>(
            actor, new Identify(null), answerTimeout, cancellationToken).ConfigureAwait(false);
        return identity.Subject is { } subject && subject.IsInProcessOf(actor)
            ? subject
            : throw new ActorNotFoundException($"There is no actor at {path}.");
    }
}
