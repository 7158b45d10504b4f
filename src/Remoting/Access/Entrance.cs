using Actors.Messages;
using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>The way of a program to a coordinator: by the door that all know, to the coordinator itself.</summary>
internal static class Entrance
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    /// <param name="system">The program's.</param>
    /// <param name="at">Where the coordinator listens, or will soon.</param>
    /// <param name="handshake">Shows who the program is.</param>
    /// <param name="patience">How long the coordinator may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys differ.</exception>
    /// <exception cref="OtherVersionException">It is of another version.</exception>
    public static async Task<(IActorRef Coordinator, CoordinatorProtocol.Welcome Welcome)> PassAsync(
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
                var welcome = await ShowAsync(door, handshake, timeout.Token).ConfigureAwait(false);
                var coordinator = system.ActorSelection(Endpoints.CoordinatorPath(address, welcome.Name));
                return (await coordinator.ResolveOne(AnswerTimeout, timeout.Token).ConfigureAwait(false), welcome);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested
                && exception is ActorNotFoundException or AskTimeoutException or OperationCanceledException)
            {
                if (timeout.IsCancellationRequested)
                    throw new TimeoutException($"No coordinator answers at {at} within {patience.TotalSeconds:0} s.", exception);
                // It may be starting.
                await Task.Delay(100, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<CoordinatorProtocol.Welcome> ShowAsync(IActorRef door, Handshake handshake, CancellationToken cancellationToken)
    {
        var word = await door.Ask<CoordinatorProtocol.IFromDoor>(handshake.Hello, AnswerTimeout, cancellationToken).ConfigureAwait(false);
        while (handshake.Reply(word) is { } answer)
            word = await door.Ask<CoordinatorProtocol.IFromDoor>(answer, AnswerTimeout, cancellationToken).ConfigureAwait(false);
        return (CoordinatorProtocol.Welcome)word;
    }
}
