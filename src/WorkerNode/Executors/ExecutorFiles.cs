using Actors.Messages;
using Actors.Messages.Executors;

namespace Actors.WorkerNode.Executors;

/// <summary>The files of one executor, created before its process starts and removed after its end.</summary>
internal sealed class ExecutorFiles : IDisposable
{
    private ExecutorFiles(ExecutorId id, string progressPath, ExecutorProgress progress) =>
        (Id, ProgressPath, Progress) = (id, progressPath, progress);

    /// <summary>The executor.</summary>
    public ExecutorId Id { get; }

    /// <summary>Where the progress file is.</summary>
    public string ProgressPath { get; }

    /// <summary>What the executor is doing.</summary>
    public ExecutorProgress Progress { get; }

    /// <summary>Where its large arguments and results are; empty when all of them travel in messages.</summary>
    public string PayloadDirectory { get; private init; } = "";

    /// <exception cref="StorageException">There is no room for them, or a directory cannot be used.</exception>
    public static ExecutorFiles CreateFiles(ExecutorSetup setup)
    {
        var id = ExecutorId.New();
        // A durable pool writes arguments and results to its store, and has them in its messages.
        var payloads = setup.Payloads is { } all && !setup.Spec.IsDurable ? all.CreateDirectory(id) : "";
        var path = setup.Directory.ProgressPath(id.Value);
        try
        {
            return new ExecutorFiles(id, path, ExecutorProgress.CreateFile(path)) { PayloadDirectory = payloads };
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
            Remoting.Payloads.PayloadDirectory.TryRemove(directory);
    }
}
