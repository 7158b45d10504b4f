namespace Actors.Testing;

/// <summary>Waits for the end of a connection that the peer closes.</summary>
internal static class PeerClose
{
    /// <summary>The time limit of each wait for a peer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Completes when the peer has closed the connection.</summary>
    /// <exception cref="OperationCanceledException">The connection is still open after <see cref="Limit"/>.</exception>
    public static async Task WaitAsync(Stream stream)
    {
        using var timeout = new CancellationTokenSource(Limit);
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, timeout.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // The peer reset the connection.
        }
    }
}
