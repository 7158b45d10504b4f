using Actors.Messages.Storage;

namespace Actors.Messages.Tests.Storage;

/// <summary>The texts reach other programs. They must not contain paths of this machine.</summary>
public sealed class DiskErrorTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("secret-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Describe_MissingFile_HasNoPath() =>
        Assert.Equal("a file is missing", Describe(() => File.OpenRead(Path.Combine(_directory.FullName, "x"))));

    [Fact]
    public void Describe_MissingDirectory_HasNoPath() =>
        Assert.Equal("a file is missing", Describe(() => File.OpenRead(Path.Combine(_directory.FullName, "x", "y"))));

    [Fact]
    public void Describe_FullDisk_NamesTheReason()
    {
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);

        Assert.Contains("space", Describe(() => full.Write(new byte[10])), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Describe_RefusedFile_HasNoPath()
    {
        var link = Path.Combine(_directory.FullName, "link");
        File.CreateSymbolicLink(link, "/etc/passwd");

        Assert.Equal(
            "a file cannot be used", Describe(() => PrivateFile.Open(link, new FileStreamOptions { Access = FileAccess.Read })));
    }

    [Fact]
    public void Describe_ExistingDirectoryInPlaceOfTheFile_HasNoPath() =>
        Assert.Equal("access to a file is denied", Describe(() => File.OpenRead(_directory.FullName)));

    private string Describe(Action action)
    {
        var error = Record.Exception(action);
        Assert.NotNull(error);
        var text = DiskError.Describe(error);
        Assert.DoesNotContain("/", text, StringComparison.Ordinal);
        return text;
    }
}
