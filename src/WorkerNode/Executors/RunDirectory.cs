namespace Actors.WorkerNode.Executors;

/// <summary>The node's own directory, readable by its user alone: the socket that executors connect to and their progress files. Removed with the node.</summary>
internal sealed class RunDirectory : IDisposable
{
    private RunDirectory(string path) => Path = path;

    public string Path { get; }

    /// <summary>Short, since a socket's path may have some hundred characters only.</summary>
    public string SocketPath => System.IO.Path.Combine(Path, "node.sock");

    /// <summary>Makes it under the temporary directory, with mode 0700 where the system has modes.</summary>
    public static RunDirectory Create()
    {
        var directory = new RunDirectory(Directory.CreateTempSubdirectory("actors-").FullName);
        AppDomain.CurrentDomain.ProcessExit += directory.OnProcessExit;
        return directory;
    }

    /// <summary>The file in which an executor notes what it is doing.</summary>
    public string ProgressPath(Guid executor) => System.IO.Path.Combine(Path, $"{executor:N}.progress");

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already.
        }
    }

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();
}
