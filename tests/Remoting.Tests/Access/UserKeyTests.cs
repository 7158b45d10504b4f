using System.Runtime.Versioning;
using Actors.Remoting.Access;

namespace Actors.Remoting.Tests.Access;

/// <summary>The key that the programs of one user share.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UserKeyTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("user-key-").FullName;

    private string Keys => Path.Combine(_parent, "data", "actors", "keys");

    private string KeyFile => Path.Combine(Keys, UserKey.FileName);

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void ReadOrCreate_FirstUse_CreatesAPrivateFileAndDirectories()
    {
        var key = UserKey.ReadOrCreate(Keys);

        Assert.True(key.IsUserKey);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        for (var directory = Keys; directory != _parent; directory = Path.GetDirectoryName(directory)!)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        Assert.Equal(key.Fingerprint, UserKey.ReadOrCreate(Keys).Fingerprint);
    }

    /// <summary>Before, the key of one program could replace the key that another one had read.</summary>
    [Fact]
    public async Task ReadOrCreate_ByManyAtOnce_IsTheSameForAll()
    {
        const int programs = 16;
        using var start = new Barrier(programs);
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var keys = Path.Combine(_parent, $"{attempt}");
            var fingerprints = await Task.WhenAll(Enumerable.Range(0, programs).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return UserKey.ReadOrCreate(keys).Fingerprint;
                },
                TaskCreationOptions.LongRunning)));

            Assert.Single(fingerprints.Distinct());
            Assert.Single(Directory.GetFiles(keys));
        }
    }

    [Fact]
    public void ReadOrCreate_FileReadableByOthers_IsRefused()
    {
        UserKey.ReadOrCreate(Keys);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains($"Others have access to {KeyFile}", Assert.Throws<InvalidOperationException>(() => UserKey.ReadOrCreate(Keys))
            .Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadOrCreate_DirectoryWritableByOthers_IsRefused()
    {
        UserKey.ReadOrCreate(Keys);
        File.SetUnixFileMode(Keys, File.GetUnixFileMode(Keys) | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);

        Assert.Contains($"Others have access to {Keys}", Assert.Throws<InvalidOperationException>(() => UserKey.ReadOrCreate(Keys)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ReadOrCreate_DamagedFile_IsRefused()
    {
        UserKey.ReadOrCreate(Keys);
        File.WriteAllBytes(KeyFile, [1, 2, 3]);

        Assert.Contains("damaged", Assert.Throws<InvalidOperationException>(() => UserKey.ReadOrCreate(Keys)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ReadOrCreate_SymbolicLink_IsRefused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Keys)!);
        var elsewhere = Directory.CreateDirectory(Path.Combine(_parent, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(Keys, elsewhere);

        Assert.Contains("symbolic link", Assert.Throws<InvalidOperationException>(() => UserKey.ReadOrCreate(Keys)).Message,
            StringComparison.Ordinal);
    }
}
