using Actors.Messages.Storage;

namespace Actors.WorkerNode.Executors;

/// <summary>The node's own directory, readable by its user alone: the socket that executors connect to and their progress files. Removed with the node.</summary>
internal sealed class RunDirectory : IDisposable
{
    /// <summary>How the names of all such directories begin.</summary>
    public const string Prefix = "actors-";

    /// <summary>The socket's name in the directory.</summary>
    public const string SocketName = "node.sock";

    /// <summary>How the names of progress files end.</summary>
    public const string ProgressExtension = ".progress";

    private const int MaxAttempts = 5;

    private RunDirectory(string path) => Path = path;

    public string Path { get; }

    /// <summary>Where the node listens.</summary>
    public string SocketPath => System.IO.Path.Combine(Path, SocketName);

    /// <summary>Makes it under the temporary directory, with mode 0700 where the system has modes.</summary>
    /// <exception cref="IOException">The temporary directory cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static RunDirectory CreateDirectory()
    {
        TrustedPath.RequireTrusted(System.IO.Path.GetTempPath());
        AbandonedDirectories.RemoveAll(System.IO.Path.GetTempPath());
        var directory = new RunDirectory(PrivateDirectory.Create(Directory.CreateTempSubdirectory(Prefix).FullName));
        AppDomain.CurrentDomain.ProcessExit += directory.OnProcessExit;
        return directory;
    }

    /// <summary>The file in which an executor notes what it is doing.</summary>
    public string ProgressPath(Guid executor) => System.IO.Path.Combine(Path, $"{executor:N}{ProgressExtension}");

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (IOException) when (attempt < MaxAttempts)
            {
                // An executor that was just starting has created a file while the directory was being removed.
            }
        }
    }

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();
}
