using Actors.Messages.Storage;
using Actors.Testing.Storage;

namespace Actors.Messages.Tests.Storage;

public sealed class StorageDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory();

    [Fact]
    public void CreateFile_EnoughRoom_IsZerosOfItsLengthForItsUserAlone()
    {
        var path = Path.Combine(_parent.FullName, "file");
        using (var file = In(_parent.FullName).CreateFile(path, 100_000))
            Assert.Equal(100_000, file.Length);

        Assert.Equal(new byte[100_000], File.ReadAllBytes(path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void CreateFile_Existing_IsTheErrorOfTheSystem()
    {
        var path = Path.Combine(_parent.FullName, "file");
        File.WriteAllText(path, "kept");

        Assert.IsNotType<StorageException>(Assert.ThrowsAny<IOException>(() => In(_parent.FullName).CreateFile(path, 1)));
        Assert.Equal("kept", File.ReadAllText(path));
    }

    [MountFact]
    public void CreateFile_MoreThanIsFree_ThrowsAndLeavesNothing()
    {
        using var small = new SmallFileSystem(16 * 4096);
        var path = Path.Combine(small.Path, "file");
        In(small.Path).CreateFile(path, 10 * 4096).Dispose();

        var exception = Assert.Throws<StorageException>(() => In(small.Path).CreateFile(path + "2", 10 * 4096));

        Assert.Equal((small.Path, 10 * 4096L, 6 * 4096L), (exception.Directory, exception.NeededBytes, exception.FreeBytes));
        Assert.Contains("Free some space, or set X.", exception.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(small.Path));
    }

    [Fact]
    public void RequireSpace_MissingDirectory_SaysSo()
    {
        var missing = Path.Combine(_parent.FullName, "missing");

        var exception = Assert.Throws<StorageException>(() => In(missing).RequireSpace(1));

        Assert.Equal($"Cannot write to {missing}: there is no such directory. Create it, or set X.", exception.Message);
    }

    [Fact]
    public void RequireSpace_EnoughRoom_LeavesNothing()
    {
        In(_parent.FullName).RequireSpace(100_000);
        Assert.Empty(_parent.GetFileSystemInfos());
    }

    public void Dispose() => _parent.Delete(recursive: true);

    private static StorageDirectory In(string path) => new(path, "set X");
}
