using Actors.Messages.Storage;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The run directory of the node, which only its user can access. It holds the socket of the node and the progress files of its executors.
/// Removed when the node ends.
/// </summary>
public sealed class RunDirectory : IDisposable
{
    /// <summary>The prefix of the names of run directories.</summary>
    public const string Prefix = "actors-";

    /// <summary>The name of the socket.</summary>
    public const string SocketName = "node.sock";

    /// <summary>The extension of progress files.</summary>
    public const string ProgressExtension = ".progress";

    private const int MaxAttempts = 5;

    private RunDirectory(string path) => Path = path;

    public string Path { get; }

    /// <summary>The path of the socket.</summary>
    public string SocketPath => System.IO.Path.Combine(Path, SocketName);

    /// <summary>Creates a directory in the temporary directory, with mode 0700 on Unix.</summary>
    /// <exception cref="IOException">The temporary directory cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">This user has no write access.</exception>
    public static RunDirectory CreateDirectory()
    {
        TrustedPath.RequireTrusted(System.IO.Path.GetTempPath());
        AbandonedDirectories.RemoveAll(System.IO.Path.GetTempPath());
        var directory = new RunDirectory(PrivateDirectory.Create(Directory.CreateTempSubdirectory(Prefix).FullName));
        AppDomain.CurrentDomain.ProcessExit += directory.OnProcessExit;
        return directory;
    }

    /// <summary>Gets the path of the progress file of an executor.</summary>
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
                // A starting executor created a file during the removal.
            }
        }
    }

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();
}
