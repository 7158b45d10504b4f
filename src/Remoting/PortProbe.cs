using System.Net.Sockets;

namespace Actors.Remoting;

/// <summary>
/// Checks whether a program listens on an address. A connection attempt answers at once, an actor system only after a timeout.
/// </summary>
public static class PortProbe
{
    /// <param name="at">The address.</param>
    /// <param name="timeout">The longest time to wait for a connection.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>
    /// <see cref="SocketError.Success"/>, or the reason for the failure: <see cref="SocketError.ConnectionRefused"/> if no program listens.
    /// </returns>
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
