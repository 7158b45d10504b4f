using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>Connects a program to a coordinator.</summary>
public static class CoordinatorConnector
{
    /// <summary>
    /// Connects to the first of several coordinators that answers. It begins with a random one, to distribute programs over them, and asks
    /// the next one too when a coordinator refuses the connection or does not answer at once: a paused coordinator accepts connections.
    /// </summary>
    /// <param name="system">The actor system of this program.</param>
    /// <param name="coordinators">The addresses of the coordinators. They may still be starting.</param>
    /// <param name="patience">The time limit for all attempts.</param>
    /// <param name="cancellationToken">Cancels the attempts.</param>
    /// <exception cref="TimeoutException">No coordinator answers.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys, certificates or users differ.</exception>
    /// <exception cref="OtherVersionException">The coordinators have a version that this program does not understand.</exception>
    public static async Task<ConnectedCoordinator> ConnectToAnyAsync(
        ActorSystem system, IReadOnlyList<HostPort> coordinators, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(patience);
        var attempts = StartAttempts(system, coordinators, ending.Token);
        try
        {
            if (await GetFirstAsync(attempts).ConfigureAwait(false) is { } connected)
                return connected;
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException(
                $"No coordinator answers at {string.Join(", ", coordinators)} within {patience.TotalSeconds:0.#} s.");
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(attempts)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Task<ConnectedCoordinator>[] StartAttempts(
        ActorSystem system, IReadOnlyList<HostPort> coordinators, CancellationToken cancellationToken)
    {
        var order = coordinators.ToArray();
        Random.Shared.Shuffle(order);
        var mayStart = Task.CompletedTask;
        var attempts = new Task<ConnectedCoordinator>[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var attempt = new CoordinatorAttempt(system, order[i]);
            attempts[i] = attempt.ConnectAsync(mayStart, cancellationToken);
            mayStart = attempt.NextMayStart;
        }

        return attempts;
    }

    /// <returns>The first connection; null when all attempts were canceled.</returns>
    /// <exception cref="OtherVersionException">All other attempts failed too.</exception>
    private static async Task<ConnectedCoordinator?> GetFirstAsync(IEnumerable<Task<ConnectedCoordinator>> attempts)
    {
        OtherVersionException? otherVersion = null;
        await foreach (var attempt in Task.WhenEach(attempts).ConfigureAwait(false))
        {
            try
            {
                return await attempt.ConfigureAwait(false);
            }
            catch (OtherVersionException exception)
            {
                // During a rolling upgrade another coordinator may have this program's version.
                otherVersion = exception;
            }
            catch (OperationCanceledException)
            {
                // The time is over.
            }
        }

        return otherVersion is null ? null : throw otherVersion;
    }
}
