using Actors.Messages;
using Actors.Messages.Executors;

namespace Actors.WorkerNode.Executors;

/// <summary>The files of an executor. They are created before its process starts and removed after its end.</summary>
public sealed class ExecutorFiles : IDisposable
{
    private ExecutorFiles(ExecutorId id, string progressPath, ProgressFile progress) =>
        (Id, ProgressPath, Progress) = (id, progressPath, progress);

    /// <summary>The executor.</summary>
    public ExecutorId Id { get; }

    /// <summary>The path of the progress file.</summary>
    public string ProgressPath { get; }

    /// <summary>The progress of the executor.</summary>
    public ProgressFile Progress { get; }

    /// <summary>The directory of its large arguments and results; empty if all of them are sent in messages.</summary>
    public string PayloadDirectory { get; private init; } = "";

    /// <exception cref="StorageException">The disk is full, or a directory cannot be used.</exception>
    public static ExecutorFiles CreateFiles(ExecutorSetup setup)
    {
        var id = ExecutorId.New();
        // Durable pools store arguments and results in their journal and send them in messages.
        var payloads = setup.Payloads is { } all && !setup.Spec.IsDurable ? all.CreateDirectory(id) : "";
        var path = setup.Directory.ProgressPath(id.Value);
        try
        {
            return new ExecutorFiles(id, path, ProgressFile.CreateFile(path)) { PayloadDirectory = payloads };
        }
        catch
        {
            RemovePayloads(payloads);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Progress.Dispose();
        try
        {
            File.Delete(ProgressPath);
        }
        catch (DirectoryNotFoundException)
        {
            // The program is ending and has removed the directory.
        }

        RemovePayloads(PayloadDirectory);
    }

    private static void RemovePayloads(string directory)
    {
        if (directory.Length > 0)
            Remoting.Payloads.PayloadDirectory.StartRemoving(directory);
    }
}
