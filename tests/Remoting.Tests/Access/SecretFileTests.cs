using Actors.Remoting.Access;
using Actors.Remoting.Tests.Bundles;

namespace Actors.Remoting.Tests.Access;

/// <summary>Files with secrets that other users may read.</summary>
public sealed class SecretFileTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Open = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TestDirectory _directory = new();

    public SecretFileTests()
    {
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(_directory.Path, Private | UnixFileMode.UserExecute | Open);
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(UnixFileMode.None, false)]
    [InlineData(UnixFileMode.OtherRead, true)]
    [InlineData(UnixFileMode.OtherWrite, true)]
    public void ReadFile_Mode_IsReportedIfOthersMayRead(UnixFileMode others, bool isReported)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var path = Path.Combine(_directory.Path, "key");
        File.WriteAllText(path, "a secret of a test");
        File.SetUnixFileMode(path, Private | others);

        var exposure = AccessKey.ReadFile(path)!.Exposure;

        Assert.Equal(isReported, exposure is not null);
        if (isReported)
            Assert.Contains($"chmod 600 '{path}'", exposure, StringComparison.Ordinal);
    }

    [Fact]
    public void FindExposure_LinkToAFile_ReportsTheFile()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var (path, link) = (Path.Combine(_directory.Path, "key"), Path.Combine(_directory.Path, "link"));
        File.WriteAllText(path, "a secret of a test");
        File.CreateSymbolicLink(link, path);

        File.SetUnixFileMode(path, Private);
        Assert.Null(SecretFile.FindExposure(link));
        File.SetUnixFileMode(path, Private | UnixFileMode.OtherRead);
        Assert.NotNull(SecretFile.FindExposure(link));
    }

    /// <summary>The secrets of a cluster are in such a directory. The user of the containers must be able to read the files.</summary>
    [Fact]
    public void FindExposure_DirectoryThatOthersCannotEnter_IsNull()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var path = Path.Combine(_directory.Path, "key");
        File.WriteAllText(path, "a secret of a test");
        File.SetUnixFileMode(path, Private | UnixFileMode.OtherRead);

        Assert.NotNull(SecretFile.FindExposure(path));
        File.SetUnixFileMode(_directory.Path, Private | UnixFileMode.UserExecute);
        Assert.Null(SecretFile.FindExposure(path));
    }

    [Fact]
    public void FindExposure_MissingFile_IsNull() => Assert.Null(SecretFile.FindExposure(Path.Combine(_directory.Path, "none")));
}
