using System.Security.Authentication;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Cli.Operating;

/// <summary>The connections of an operator to all given coordinators, each of which has pools and objects of its own.</summary>
internal sealed class OpenSessions : IAsyncDisposable
{
    private readonly IReadOnlyList<Attempt> _attempts;

    private OpenSessions(IReadOnlyList<Attempt> attempts) => _attempts = attempts;

    /// <summary>Connects to all coordinators.</summary>
    /// <exception cref="TimeoutException">None of them answers.</exception>
    /// <exception cref="AuthenticationException">All of them refuse this program.</exception>
    public static async Task<OpenSessions> ConnectAsync(
        IReadOnlyList<HostPort> coordinators, Func<HostPort, Task<OperatorSession>> connect)
    {
        var attempts = await Task.WhenAll(coordinators.Select(at => AttemptAsync(at, connect))).ConfigureAwait(false);
        return attempts.Any(attempt => attempt.Session is not null) ? new OpenSessions(attempts) : throw attempts[0].Failure!;
    }

    /// <summary>Asks all connected coordinators.</summary>
    /// <returns>The answers, and the reasons of the coordinators without one.</returns>
    public async Task<(IReadOnlyList<T> Values, IReadOnlyList<string> Problems)> AskAllAsync<T>(Func<OperatorSession, Task<T>> ask)
    {
        var answers = await Task.WhenAll(_attempts.Select(attempt => AskAsync(attempt, ask))).ConfigureAwait(false);
        return (
            [.. answers.Where(answer => answer.Problem is null).Select(answer => answer.Value!)],
            [.. answers.Select(answer => answer.Problem).OfType<string>()]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in _attempts.Select(attempt => attempt.Session).OfType<OperatorSession>())
            await session.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<Attempt> AttemptAsync(HostPort at, Func<HostPort, Task<OperatorSession>> connect)
    {
        try
        {
            return new Attempt(at, await connect(at).ConfigureAwait(false), null);
        }
        catch (Exception exception) when (exception is TimeoutException or AuthenticationException or OtherVersionException)
        {
            return new Attempt(at, null, exception);
        }
    }

    private static async Task<(T? Value, string? Problem)> AskAsync<T>(Attempt attempt, Func<OperatorSession, Task<T>> ask)
    {
        if (attempt.Session is null)
            return (default, attempt.Failure!.Message);
        try
        {
            return (await ask(attempt.Session).ConfigureAwait(false), null);
        }
        catch (TimeoutException exception)
        {
            return (default, $"{attempt.At}: {exception.Message}");
        }
    }

    /// <summary>An attempt to connect to a coordinator.</summary>
    /// <param name="At">The address.</param>
    /// <param name="Session">The connection; null if it failed.</param>
    /// <param name="Failure">The reason; null if it succeeded.</param>
    private sealed record Attempt(HostPort At, OperatorSession? Session, Exception? Failure);
}
