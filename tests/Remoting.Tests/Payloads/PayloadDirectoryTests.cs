using Actors.Remoting.Payloads;
using Actors.Remoting.Tests.Bundles;

namespace Actors.Remoting.Tests.Payloads;

/// <summary>The next program removes the payloads of a killed program, and leaves those of a running program.</summary>
public sealed class PayloadDirectoryTests : IDisposable
{
    private readonly TestDirectory _parent = new();

    [Fact]
    public void CreateIn_DirectoryOfARunningProgram_Stays()
    {
        using var first = PayloadDirectory.CreateIn(_parent.Path);
        File.WriteAllText(Path.Combine(first.Path, "payload"), "");

        using var second = PayloadDirectory.CreateIn(_parent.Path);

        Assert.NotEqual(first.Path, second.Path);
        Assert.True(File.Exists(Path.Combine(first.Path, "payload")));
    }

    [Fact]
    public void CreateIn_AbandonedDirectory_IsRemoved()
    {
        // A killed program leaves both files, without a lock.
        var left = Path.Combine(_parent.Path, "0123456789abcdef0123456789abcdef");
        Directory.CreateDirectory(Path.Combine(left, "executor"));
        File.WriteAllText(Path.Combine(left, "executor", "payload"), "");
        File.WriteAllText(left + ".lock", "");
        File.WriteAllText(Path.Combine(_parent.Path, "foreign"), "");

        using var next = PayloadDirectory.CreateIn(_parent.Path);

        Assert.False(Directory.Exists(left));
        Assert.False(File.Exists(left + ".lock"));
        Assert.True(File.Exists(Path.Combine(_parent.Path, "foreign")));
    }

    [Fact]
    public void Dispose_DirectoryWithContents_RemovesAll()
    {
        var directory = PayloadDirectory.CreateIn(_parent.Path);
        File.WriteAllText(Path.Combine(directory.CreateSubdirectory("executor"), "payload"), "");

        directory.Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(_parent.Path));
    }

    /// <summary>The directory of a worker that has just ended.</summary>
    [Fact]
    public void Dispose_WhileADirectoryInItIsRemoved_RemovesEverything()
    {
        var directory = PayloadDirectory.CreateIn(_parent.Path);
        var executor = directory.CreateSubdirectory("executor");
        for (var file = 0; file < 500; file++)
            File.WriteAllText(Path.Combine(executor, $"{file}"), "");

        PayloadDirectory.StartRemoving(executor);
        directory.Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(_parent.Path));
    }

    [Fact]
    public void CreateIn_NewDirectory_IsAccessibleByItsUserOnly()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var directory = PayloadDirectory.CreateIn(_parent.Path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Path));
    }

    /// <inheritdoc/>
    public void Dispose() => _parent.Dispose();
}
