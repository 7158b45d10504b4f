using Actors.Messages.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class ExecutorProgressTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void BeginJob_SameJobAgain_HasNotEnded()
    {
        using var node = ExecutorProgress.CreateFile(Path.Combine(_directory.FullName, "progress"));
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
        using var node = ExecutorProgress.CreateFile(Path.Combine(_directory.FullName, "progress"));
        node.BeginJob(7, 100);
        node.EndJob(7);

        node.BeginJob(8, 200);

        Assert.Equal((8, 7), (node.LastBegun, node.LastEnded));
    }
}
