using System.Net.Sockets;

namespace Actors.Remoting;

/// <summary>Whether anybody listens somewhere, which a connection says at once and an actor system only in time.</summary>
internal static class PortProbe
{
    /// <param name="at">Where.</param>
    /// <param name="timeout">Who has not answered by then is silent.</param>
    /// <param name="cancellationToken">Gives the attempt up.</param>
    /// <returns><see cref="SocketError.Success"/>, or why there is no connection: <see cref="SocketError.ConnectionRefused"/> where nobody listens.</returns>
    public static async Task<SocketError> ProbePortAsync(HostPort at, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeout);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(at.Host, at.Port, patience.Token).ConfigureAwait(false);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SocketError.TimedOut;
        }
    }
}
