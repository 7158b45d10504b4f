namespace Actors.WorkerNode.Executors;

/// <summary>The socket of a connected executor process, and the frames that arrive there.</summary>
/// <param name="Connection">Sends frames to the process.</param>
/// <param name="Frames">Handles the frames of the process.</param>
public sealed record ProcessLink(ExecutorConnection Connection, ExecutorFrames Frames) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Frames.Dispose();
        Connection.Dispose();
    }
}
