using System.Security.Authentication;
using Actors.Remoting;

namespace Actors.Cli.Operating;

/// <summary>The connections of an operator to all given coordinators, each of which has pools and objects of its own.</summary>
internal sealed class OpenSessions : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending;
    private readonly IReadOnlyList<ReconnectingSession> _sessions;

    private OpenSessions(
        IEnumerable<HostPort> coordinators, Func<HostPort, CancellationToken, Task<OperatorSession>> connect,
        CancellationToken cancellationToken)
    {
        var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ending = ending;
        _sessions = [.. coordinators.Select(at => new ReconnectingSession(at, address => connect(address, ending.Token)))];
    }

    /// <summary>Connects to all coordinators.</summary>
    /// <param name="coordinators">The addresses.</param>
    /// <param name="connect">Connects to one of them.</param>
    /// <param name="cancellationToken">Cancels the attempts.</param>
    /// <exception cref="TimeoutException">None of them answers.</exception>
    /// <exception cref="AuthenticationException">All of them refuse this program.</exception>
    public static async Task<OpenSessions> ConnectAsync(
        IReadOnlyList<HostPort> coordinators, Func<HostPort, CancellationToken, Task<OperatorSession>> connect,
        CancellationToken cancellationToken)
    {
        var opened = new OpenSessions(coordinators, connect, cancellationToken);
        try
        {
            var failures = await Task.WhenAll(opened._sessions.Select(session => session.WaitForConnectionAsync())).ConfigureAwait(false);
            return failures.Contains(null) ? opened : throw failures[0]!;
        }
        catch
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks all connected coordinators.</summary>
    /// <returns>The answers, and the reasons of the coordinators without one.</returns>
    public async Task<(IReadOnlyList<T> Values, IReadOnlyList<string> Problems)> AskAllAsync<T>(Func<OperatorSession, Task<T>> ask)
    {
        var answers = await Task.WhenAll(_sessions.Select(session => session.AskAsync(ask))).ConfigureAwait(false);
        return (
            [.. answers.Where(answer => answer.Problem is null).Select(answer => answer.Value!)],
            [.. answers.Select(answer => answer.Problem).OfType<string>()]);
    }

    /// <summary>Begins to connect again to the coordinators that have not answered. Call it between requests.</summary>
    public Task ReconnectLostAsync() => Task.WhenAll(_sessions.Select(session => session.ReconnectIfLostAsync()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        foreach (var session in _sessions)
            await session.DisposeAsync().ConfigureAwait(false);
        _ending.Dispose();
    }
}
