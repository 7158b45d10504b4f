using System.Diagnostics;
using System.Runtime.Versioning;
using Actors.Messages.Storage;

namespace Actors.Messages.Tests.Storage;

/// <summary>Private files and directories: their permissions, and the files and directories that are refused.</summary>
[SupportedOSPlatform("linux")]
public sealed class PrivateStorageTests : IDisposable
{
    private const UnixFileMode Everything = (UnixFileMode)0x1FF;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int OtherUser = 12345;

    private readonly string _root = Directory.CreateTempSubdirectory("private-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void CreateDirectory_WithParents_MakesAllPrivate()
    {
        var path = PrivateDirectory.Create(In("a/b/c"));

        Assert.Equal(In("a/b/c"), path);
        Assert.Equal(["0700", "0700", "0700"], new[] { "a", "a/b", "a/b/c" }.Select(RightsOf));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherExecute)]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.GroupExecute)]
    public void CreateDirectory_WhereOthersCanRead_IsRefusedAndUnchanged(UnixFileMode others)
    {
        Directory.CreateDirectory(In("a"), Owner | others);

        var refusal = Assert.Throws<StorageException>(() => PrivateDirectory.Create(In("a")));

        Assert.Contains($"other users can read it (mode {RightsOf("a")})", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod -R go-rwx '{In("a")}'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Owner | others, File.GetUnixFileMode(In("a")));
    }

    [Fact]
    public void CreateDirectory_ItsOwnerLacksRights_GivesThemBack()
    {
        Directory.CreateDirectory(In("a"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        PrivateDirectory.Create(In("a"));

        Assert.Equal("0700", RightsOf("a"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/b")]
    public void CreateDirectory_WhereOthersCanWrite_IsRefusedAndSaysWhatToDo(string path)
    {
        Directory.CreateDirectory(In("a"));
        File.SetUnixFileMode(In("a"), Everything);

        var refusal = Assert.Throws<StorageException>(() => PrivateDirectory.Create(In(path)));

        Assert.Contains(In("a"), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("0777", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("chmod", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateDirectory_BelowASharedRoot_IsAllowed()
    {
        Directory.CreateDirectory(In("shared"));
        File.SetUnixFileMode(In("shared"), Everything | UnixFileMode.StickyBit);

        PrivateDirectory.Create(In("shared/own"));

        Assert.Equal("0700", RightsOf("shared/own"));
        Assert.Contains(
            "shared with other users", Assert.Throws<StorageException>(
                () => PrivateDirectory.Create(In("shared"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/b")]
    public void CreateDirectory_OfAnotherUser_IsRefused(string path)
    {
        if (!IsRoot)
            return;
        Directory.CreateDirectory(In("a"), Owner);
        GiveAway("a");

        Assert.Contains(
            "belongs to user "
            + $"{OtherUser}", Assert.Throws<StorageException>(() => PrivateDirectory.Create(In(path))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateDirectory_WhereAnotherUserHasALink_IsRefused()
    {
        if (!IsRoot)
            return;
        PrivateDirectory.Create(In("target"));
        Directory.CreateSymbolicLink(In("link"), In("target"));
        PrivateDirectory.Create(In("link"));
        GiveAway("link");

        Assert.Contains(
            "a link of user", Assert.Throws<StorageException>(() => PrivateDirectory.Create(In("link"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenFile_WithAnotherName_IsRefused()
    {
        File.WriteAllText(In("other"), "text");
        Run("ln", In("other"), In("file"));

        var refusal = Assert.Throws<StorageException>(() => PrivateFile.Open(In("file"), Reading));

        Assert.Contains("hard link", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateFile_WhereALinkIs_IsRefusedAndTheTargetIsUntouched()
    {
        File.WriteAllText(In("target"), "text");
        File.CreateSymbolicLink(In("link"), In("target"));
        File.CreateSymbolicLink(In("dangling"), In("nothing"));

        Assert.Throws<IOException>(() => PrivateFile.Create(In("link")));
        Assert.Throws<IOException>(() => PrivateFile.Create(In("dangling")));
        Assert.Contains(
            "it is a link", Assert.Throws<StorageException>(() => PrivateFile.Open(In("link"), Reading)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "it is a link", Assert.Throws<StorageException>(() => PrivateFile.EnsurePrivate(In("link"))).Message, StringComparison.Ordinal);
        PrivateFile.Replace(In("link")).Dispose();

        Assert.Equal("text", File.ReadAllText(In("target")));
        Assert.Equal((null, 0L), (new FileInfo(In("link")).LinkTarget, new FileInfo(In("link")).Length));
        Assert.Equal("0600", RightsOf("link"));
        Assert.False(File.Exists(In("nothing")));
    }

    [Fact]
    public void OpenFile_ThatIsAPipeOrOfAnotherUser_IsRefusedAndDoesNotWait()
    {
        Run("mkfifo", In("pipe"));
        Assert.Contains(
            "not a plain file", Assert.Throws<StorageException>(
                () => PrivateFile.Open(In("pipe"), Reading)).Message, StringComparison.Ordinal);
        if (!IsRoot)
            return;
        File.WriteAllText(In("file"), "");
        GiveAway("file");
        Assert.Contains(
            $"belongs to user {OtherUser}", Assert.Throws<StorageException>(
                () => PrivateFile.Open(In("file"), Reading)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PrepareFile_ThatOthersCanReadOrWrite_MakesItPrivateOrIsRefused()
    {
        PrivateFile.EnsurePrivate(In("new"));
        File.WriteAllText(In("read"), "text");
        File.SetUnixFileMode(In("read"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        PrivateFile.EnsurePrivate(In("read"));
        File.WriteAllText(In("written"), "text");
        File.SetUnixFileMode(In("written"), UnixFileMode.UserRead | UnixFileMode.OtherWrite);

        var refusal = Assert.Throws<StorageException>(() => PrivateFile.EnsurePrivate(In("written")));

        Assert.Contains("chmod go-rwx", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(("0600", "0600", "text"), (RightsOf("new"), RightsOf("read"), File.ReadAllText(In("read"))));
    }

    private static FileStreamOptions Reading => new() { Access = FileAccess.Read };

    private static bool IsRoot => UnixEntry.User == 0;

    private string In(string path) => Path.Combine(_root, path);

    private string RightsOf(string path) => "0" + Convert.ToString((int)File.GetUnixFileMode(In(path)), 8);

    private void GiveAway(string path) => Run("chown", "-h", $"{OtherUser}", In(path));

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
