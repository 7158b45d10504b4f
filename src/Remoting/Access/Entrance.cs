using System.Diagnostics;
using System.Net.Sockets;
using Actors.Messages;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>The way of a program to a coordinator: by the door that all know, to the coordinator itself.</summary>
internal static class Entrance
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(50);

    /// <summary>By the door of any of several coordinators, not always the same one: so that programs are spread over them.</summary>
    /// <param name="system">The program's.</param>
    /// <param name="coordinators">Where they listen, or will soon.</param>
    /// <param name="key">What the program has for them; null for nothing.</param>
    /// <param name="patience">How long all of it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">None answers.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys differ.</exception>
    /// <exception cref="OtherVersionException">It is of another version.</exception>
    public static async Task<(IActorRef Coordinator, CoordinatorProtocol.Welcome Welcome)> PassAsync(
        ActorSystem system, IReadOnlyList<HostPort> coordinators, AccessKey? key, TimeSpan patience, CancellationToken cancellationToken)
    {
        var first = Random.Shared.Next(coordinators.Count);
        var clock = Stopwatch.StartNew();
        for (var attempt = 0; ; attempt++)
        {
            var at = coordinators[(first + attempt) % coordinators.Count];
            var left = patience - clock.Elapsed;
            if (left <= TimeSpan.Zero)
                throw new TimeoutException($"No coordinator answers at {string.Join(", ", coordinators)} within {patience.TotalSeconds:0} s.");
            // Whoever is paused takes connections and says nothing. Where none answers quickly, on a machine that has much else to do, each is given longer the next time.
            var turn = TimeSpan.FromTicks(Math.Min(left.Ticks, AnswerTimeout.Ticks * (1 + (attempt / coordinators.Count))));
            try
            {
                if (await PortProbe.ConnectAsync(at, turn, cancellationToken).ConfigureAwait(false) == SocketError.Success)
                    return await PassAsync(system, at, new Handshake(at, key), turn, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // Another may.
            }
            catch (OtherVersionException) when (coordinators.Count > 1 && clock.Elapsed < patience)
            {
                // One of the others may still be, or already be, of this one.
            }

            await Task.Delay(PauseBetweenAttempts, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<(IActorRef Coordinator, CoordinatorProtocol.Welcome Welcome)> PassAsync(
        ActorSystem system, HostPort at, Handshake handshake, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(patience);
        var refused = LinkIdentity.Of(system).Refusals.WhenRefused(at);
        _ = refused.ContinueWith(_ => CancelQuietly(timeout), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var address = Endpoints.SystemAddress(system, at);
        while (true)
        {
            try
            {
                var door = await FindAsync(system, Endpoints.CoordinatorPath(address), timeout.Token).ConfigureAwait(false);
                var welcome = await ShowAsync(door, handshake, timeout.Token).ConfigureAwait(false);
                return (await FindAsync(system, Endpoints.CoordinatorPath(address, welcome.Name), timeout.Token).ConfigureAwait(false), welcome);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested
                && exception is ActorNotFoundException or AskTimeoutException or OperationCanceledException)
            {
                if (refused.IsCompleted)
                    throw (await refused.ConfigureAwait(false)).ToException(at);
                if (timeout.IsCancellationRequested)
                    throw new TimeoutException($"No coordinator answers at {at} within {patience.TotalSeconds:0} s.", exception);
                // It may be starting.
                await Task.Delay(PauseBetweenAttempts, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <exception cref="ActorNotFoundException">There is no such actor.</exception>
    private static async Task<IActorRef> FindAsync(ActorSystem system, ActorPath path, CancellationToken cancellationToken)
    {
        var actor = ((ExtendedActorSystem)system).Provider.ResolveActorRef(path);
        var identity = await PeerAsk.AskAsync<ActorIdentity>(actor, new Identify(null), AnswerTimeout, cancellationToken).ConfigureAwait(false);
        return identity.Subject is { } subject && subject.IsBeside(actor) ? subject : throw new ActorNotFoundException($"There is no actor at {path}.");
    }

    /// <summary>The attempt may be over by then.</summary>
    private static void CancelQuietly(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    private static async Task<CoordinatorProtocol.Welcome> ShowAsync(IActorRef door, Handshake handshake, CancellationToken cancellationToken)
    {
        var word = await PeerAsk.AskAsync<CoordinatorProtocol.IFromDoor>(door, handshake.Hello, AnswerTimeout, cancellationToken).ConfigureAwait(false);
        while (handshake.Reply(word) is { } answer)
            word = await PeerAsk.AskAsync<CoordinatorProtocol.IFromDoor>(door, answer, AnswerTimeout, cancellationToken).ConfigureAwait(false);
        return (CoordinatorProtocol.Welcome)word;
    }
}
