using Actors.Messages.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class ExecutorProgressTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void BeginJob_SameJobAgain_HasNotEnded()
    {
        using var node = ProgressFile.CreateFile(Path.Combine(_directory.FullName, "progress"));
        using var executor = ExecutorProgress.OpenFile(Path.Combine(_directory.FullName, "progress"));
        executor.BeginJob(7, 100);
        executor.EndJob(7);
        Assert.Equal((7, 7), (node.LastBegun, node.LastEnded));

        executor.BeginJob(7, 200);

        Assert.Equal((7, 0, 200), (node.LastBegun, node.LastEnded, node.BegunAt));
    }

    [Fact]
    public void BeginJob_AnotherJob_KeepsTheLastEnd()
    {
        using var node = ProgressFile.CreateFile(Path.Combine(_directory.FullName, "progress"));
        using var executor = ExecutorProgress.OpenFile(Path.Combine(_directory.FullName, "progress"));
        executor.BeginJob(7, 100);
        executor.EndJob(7);

        executor.BeginJob(8, 200);

        Assert.Equal((8, 7), (node.LastBegun, node.LastEnded));
    }

    /// <summary>An access to mapped memory behind the end of a file would end the process.</summary>
    [Fact]
    public void LastBegun_FileTruncatedByTheWorker_IsZero()
    {
        var path = Path.Combine(_directory.FullName, "progress");
        using var node = ProgressFile.CreateFile(path);
        using (var executor = ExecutorProgress.OpenFile(path))
            executor.BeginJob(7, 100);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(0);

        Assert.Equal((0, 0, 0, 0), (node.LastBegun, node.BegunAt, node.LastEnded, node.Item));
    }
}
