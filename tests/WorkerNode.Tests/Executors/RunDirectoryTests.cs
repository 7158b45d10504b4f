using System.Diagnostics;
using System.Net.Sockets;
using Actors.Messages.Executors;
using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class RunDirectoryTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("run-test-");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public void CreateDirectory_ForItsOwner_IsRemovedByDispose()
    {
        var directory = RunDirectory.CreateDirectory();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Path));
        File.WriteAllText(directory.ProgressPath(Guid.NewGuid()), "x");
        directory.Dispose();
        Assert.False(Directory.Exists(directory.Path));
        directory.Dispose();
    }

    [Fact]
    public void Progress_OpenedTwice_IsShared()
    {
        var path = Path.Combine(_parent.FullName, "p");
        using var node = ProgressFile.CreateFile(path);
        using var executor = ExecutorProgress.OpenFile(path);
        Assert.Equal((0, 0), (node.LastBegun, node.LastEnded));
        executor.BeginJob(7, 123);
        Assert.Equal((7, 123, 0), (node.LastBegun, node.BegunAt, node.LastEnded));
        executor.EndJob(7);
        Assert.Equal(7, node.LastEnded);
    }

    [Fact]
    public void RemoveAll_AbandonedDirectory_IsRemoved()
    {
        var left = Left("actors-left");
        AbandonedDirectories.RemoveAll(_parent.FullName);
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void RemoveAll_NewDirectory_Stays()
    {
        var young = Left("actors-young");
        Directory.SetLastWriteTimeUtc(young, TimeProvider.System.GetUtcNow().UtcDateTime);
        AbandonedDirectories.RemoveAll(_parent.FullName);
        Assert.True(Directory.Exists(young));
    }

    [Fact]
    public void RemoveAll_DirectoryOfARunningNode_Stays()
    {
        var path = _parent.CreateSubdirectory("actors-live").FullName;
        using var socket = SocketPair.NewSocket();
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(path, RunDirectory.SocketName)));
        socket.Listen(1);
        Directory.SetLastWriteTimeUtc(path, LongAgo);
        for (var i = 0; i < 5; i++)
            AbandonedDirectories.RemoveAll(_parent.FullName);
        Assert.True(File.Exists(Path.Combine(path, RunDirectory.SocketName)));
    }

    [Fact]
    public void RemoveAll_FilesOfOthers_Stay()
    {
        var (other, empty, used) = (Left("other-left"), _parent.CreateSubdirectory("actors-empty").FullName, Left("actors-used"));
        File.WriteAllText(Path.Combine(used, "mine.txt"), "x");
        Directory.SetLastWriteTimeUtc(empty, LongAgo);
        Directory.SetLastWriteTimeUtc(used, LongAgo);
        AbandonedDirectories.RemoveAll(_parent.FullName);
        Assert.True(Directory.Exists(other));
        Assert.True(Directory.Exists(empty));
        Assert.True(File.Exists(Path.Combine(used, "mine.txt")));
    }

    /// <summary>
    /// The owner could replace the directory by a link to the run directory of a running node. Root would then remove its files.
    /// </summary>
    [Fact]
    public void RemoveAll_DirectoryOfAnotherUser_Stays()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return;
        var left = Left("actors-left");
        using (var chown = Process.Start("chown", ["-R", "12345", left]))
            chown.WaitForExit();

        AbandonedDirectories.RemoveAll(_parent.FullName);

        Assert.Equal(2, Directory.GetFileSystemEntries(left).Length);
    }

    [Fact]
    public void RemoveAll_BySeveralAtOnce_RemovesAll()
    {
        for (var i = 0; i < 20; i++)
            Left($"actors-{i}");
        Parallel.For(0, 4, _ => AbandonedDirectories.RemoveAll(_parent.FullName));
        Assert.Empty(_parent.GetDirectories());
    }

    /// <summary>Creates the remains of a killed node: a socket that no process listens on, and progress files.</summary>
    private string Left(string name)
    {
        var path = _parent.CreateSubdirectory(name).FullName;
        var bound = Path.Combine(_parent.FullName, "s");
        using (var socket = SocketPair.NewSocket())
        {
            // Closing a socket removes its file, so the file is renamed before.
            socket.Bind(new UnixDomainSocketEndPoint(bound));
            File.Move(bound, Path.Combine(path, RunDirectory.SocketName));
        }

        File.WriteAllText(Path.Combine(path, $"{Guid.NewGuid():N}{RunDirectory.ProgressExtension}"), "x");
        Directory.SetLastWriteTimeUtc(path, LongAgo);
        return path;
    }
}
