using System.Net.Sockets;
using Actors.Messages.Executors;
using Actors.Messages.Storage;

namespace Actors.WorkerNode.Executors;

/// <summary>The endpoint that the executors of this program connect to: its run directory, and the socket in it.</summary>
public sealed class LocalEndpoint : IDisposable
{
    private LocalEndpoint(RunDirectory directory, ExecutorListener listener)
    {
        (Directory, Listener) = (directory, listener);
        Early = new EarlyProcesses(listener, directory.SocketPath);
    }

    /// <summary>The directory of the socket and the progress files.</summary>
    public RunDirectory Directory { get; }

    /// <summary>Accepts the connections of the processes.</summary>
    public ExecutorListener Listener { get; }

    /// <summary>The processes that start before their executors exist.</summary>
    public EarlyProcesses Early { get; }

    /// <summary>Creates the run directory and listens in it.</summary>
    /// <exception cref="StorageException">The temporary directory is full, missing, or not writable.</exception>
    public static LocalEndpoint Open()
    {
        RunDirectory? directory = null;
        try
        {
            directory = RunDirectory.CreateDirectory();
            return new LocalEndpoint(directory, new ExecutorListener(directory.SocketPath));
        }
        catch (Exception exception) when (exception is SocketException || StorageDirectory.IsStorageError(exception))
        {
            directory?.Dispose();
            throw StorageDirectory.Temporary.CreateException(exception, 0);
        }
    }

    /// <summary>Checks that the disk has space for the files of a number of executors.</summary>
    /// <exception cref="StorageException">The disk is full, or the temporary directory cannot be used.</exception>
    public static void RequireSpace(int executors) => StorageDirectory.Temporary.RequireSpace((long)executors * ExecutorProgress.Length);

    /// <inheritdoc/>
    public void Dispose()
    {
        Listener.Dispose();
        Directory.Dispose();
    }
}
