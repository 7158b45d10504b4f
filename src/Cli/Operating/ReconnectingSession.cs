using System.Security.Authentication;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Cli.Operating;

/// <summary>An operator's connection to one coordinator, which can be made again. Not thread-safe.</summary>
/// <param name="at">The address of the coordinator.</param>
/// <param name="connect">Connects to the coordinator.</param>
internal sealed class ReconnectingSession(HostPort at, Func<HostPort, Task<OperatorSession>> connect) : IAsyncDisposable
{
    private Task<OperatorSession> _connecting = connect(at);
    private bool _isRetrying;
    private string? _problem;

    /// <summary>Waits for the end of the first attempt to connect.</summary>
    /// <returns>The reason why it failed; null if it succeeded.</returns>
    public async Task<Exception?> WaitForConnectionAsync()
    {
        try
        {
            await _connecting.ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (IsConnectionError(exception))
        {
            return exception;
        }
    }

    /// <summary>Asks the coordinator, unless its connection is lost.</summary>
    /// <returns>The answer, or the reason why there is none.</returns>
    public async Task<(T? Value, string? Problem)> AskAsync<T>(Func<OperatorSession, Task<T>> ask)
    {
        if (_problem is not null)
            return (default, _problem);
        try
        {
            var session = await _connecting.ConfigureAwait(false);
            return (await ask(session).ConfigureAwait(false), null);
        }
        catch (NoCoordinatorException exception)
        {
            return (default, _problem = exception.Message);
        }
        catch (Exception exception) when (IsConnectionError(exception))
        {
            return (default, _problem = $"{at}: {exception.Message}");
        }
    }

    /// <summary>
    /// Continues to connect again after a request without an answer. It does not wait for the coordinator: until the connection is made,
    /// requests have no answer.
    /// </summary>
    public async Task ReconnectIfLostAsync()
    {
        if (_problem is null || (_isRetrying && !_connecting.IsCompleted))
            return;
        if (_isRetrying && _connecting.IsCompletedSuccessfully)
        {
            (_problem, _isRetrying) = (null, false);
            return;
        }

        await DisposeAsync().ConfigureAwait(false);
        (_connecting, _isRetrying) = (connect(at), true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            var session = await _connecting.ConfigureAwait(false);
            await session.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsConnectionError(exception) || exception is OperationCanceledException)
        {
            // An attempt that failed has left nothing.
        }
    }

    private static bool IsConnectionError(Exception exception) =>
        exception is TimeoutException or AuthenticationException or OtherVersionException;
}
