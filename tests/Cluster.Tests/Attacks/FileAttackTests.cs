using System.Runtime.Versioning;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>
/// A program does not start if another user can write to its directories and files, or has created them in advance. It names the reason.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class FileAttackTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Everything = (UnixFileMode)0x1FF;
    private const string OtherUser = "65534";

    private readonly string _directory = Directory.CreateTempSubdirectory("files-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData(Private | UnixFileMode.OtherRead | UnixFileMode.OtherExecute, "chmod -R go-rwx")]
    [InlineData(Private | UnixFileMode.GroupRead, "chmod -R go-rwx")]
    [InlineData(Everything, "chmod -R go-rwx")]
    [InlineData(Everything | UnixFileMode.StickyBit, "mkdir -m 700")]
    public async Task Node_WithACacheThatOthersReach_DoesNotStart(UnixFileMode mode, string remedy)
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        var cache = Make("cache", mode);

        var node = cluster.LaunchNode(1, cache);

        await AssertRefusedAsync(node, cache, remedy);
        Assert.Equal(mode, File.GetUnixFileMode(cache));
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_WithACacheThatOthersReach_DoesNotStart()
    {
        await using var cluster = new TestCluster();
        Make("actors", Private | UnixFileMode.OtherExecute);

        var coordinator = cluster.RunWith(new() { ["XDG_CACHE_HOME"] = _directory }, "Actors.Coordinator.dll", "--port", $"{cluster.Port}");

        await AssertRefusedAsync(coordinator, In("actors"), "chmod -R go-rwx");
    }

    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task Node_WithACacheOfAnotherUser_DoesNotStart()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        await GiveAwayAsync(Make("cache", Private));

        await AssertRefusedAsync(cluster.LaunchNode(1, In("cache")), In("cache"), $"belongs to user {OtherUser}");
        await AssertRefusedAsync(cluster.LaunchNode(1, In("cache/below")), In("cache"), $"belongs to user {OtherUser}");
    }

    /// <summary>The link leads to a directory of this user now; its owner can redirect it at any time.</summary>
    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task Node_WithACacheBehindALinkOfAnotherUser_DoesNotStart()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        Make("own/cache", Private);
        Directory.CreateSymbolicLink(In("link"), In("own"));
        await GiveAwayAsync(In("link"));

        await AssertRefusedAsync(cluster.LaunchNode(1, In("link/cache")), In("link"), $"a link of user {OtherUser}");
    }

    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task Node_WithTemporaryFilesBehindALinkOfAnotherUser_DoesNotStart()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        Make("own", Private);
        Directory.CreateSymbolicLink(In("link"), In("own"));
        await GiveAwayAsync(In("link"));

        var node = cluster.RunWith(
            new() { ["TMPDIR"] = In("link") }, "Actors.WorkerNode.dll", "--join", cluster.Address, "--cache", In("cache"));

        await AssertRefusedAsync(node, In("link"), $"a link of user {OtherUser}");
        Assert.Empty(Directory.GetFileSystemEntries(In("own")));
    }

    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_WithAStoreInADirectoryOfAnotherUser_DoesNotStart()
    {
        await using var cluster = new TestCluster();
        await GiveAwayAsync(Make("state", Private));

        var coordinator = cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--store", In("state/store.db"));

        await AssertRefusedAsync(coordinator, In("state"), $"belongs to user {OtherUser}");
        Assert.Empty(Directory.GetFileSystemEntries(In("state")));
    }

    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_WithKeysBehindALinkOfAnotherUser_DoesNotStart()
    {
        await using var cluster = new TestCluster();
        Make("own/keys", Private);
        Directory.CreateSymbolicLink(In("actors"), In("own"));
        await GiveAwayAsync(In("actors"));

        var coordinator = cluster.RunWith(new() { ["XDG_DATA_HOME"] = _directory }, "Actors.Coordinator.dll", "--port", $"{cluster.Port}");

        await AssertRefusedAsync(coordinator, In("actors"), $"a link of user {OtherUser}");
        Assert.Empty(Directory.GetFileSystemEntries(In("own/keys")));
    }

    /// <summary>In a shared directory, another user has a file of this name.</summary>
    [AnotherUserFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_WithAReadyFileOfAnotherUser_EndsAndSaysSo()
    {
        await using var cluster = new TestCluster();
        var home = Make("home", Private);
        await GiveAwayAsync(home);
        File.SetUnixFileMode(_directory, Everything | UnixFileMode.StickyBit);
        await File.WriteAllTextAsync(In("ready"), "");

        await using var coordinator = RoleProcess.Start(
            [
                "setpriv", $"--reuid={OtherUser}", $"--regid={OtherUser}", "--clear-groups",
                "dotnet", "exec", Builds.Find("Actors.Coordinator.dll"), "--port", $"{cluster.Port}", "--ready-file", In("ready"),
            ],
            new Dictionary<string, string> { ["HOME"] = home, ["TMPDIR"] = home, ["XDG_CACHE_HOME"] = home, ["XDG_DATA_HOME"] = home });

        await AssertRefusedAsync(coordinator, In("ready"), "--ready-file");
    }

    private static async Task AssertRefusedAsync(RoleProcess program, string path, string reason)
    {
        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains(path, program.Errors, StringComparison.Ordinal);
        Assert.Contains(reason, program.Errors, StringComparison.Ordinal);
        Assert.Single(program.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private string In(string path) => Path.Combine(_directory, path);

    private string Make(string path, UnixFileMode mode)
    {
        var made = Directory.CreateDirectory(In(path), Private).FullName;
        File.SetUnixFileMode(made, mode);
        return made;
    }

    private static async Task GiveAwayAsync(string path)
    {
        await using var chown = RoleProcess.Start(["chown", "-h", OtherUser, path], new Dictionary<string, string>());
        Assert.Equal(0, await chown.ExitAsync());
    }
}
