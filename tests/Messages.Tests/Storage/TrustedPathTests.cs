using System.Diagnostics;
using System.Runtime.Versioning;
using Actors.Messages.Storage;
using Actors.Testing.Storage;

namespace Actors.Messages.Tests.Storage;

/// <summary>The directories and links above a file: which of them would let another user replace it.</summary>
[SupportedOSPlatform("linux")]
public sealed class TrustedPathTests : IDisposable
{
    private const UnixFileMode Everything = (UnixFileMode)0x1FF;
    private const uint OtherUser = 12345;
    private const ushort GroupWritable = 0x4000 | 0x1FD;

    private readonly string _root = Directory.CreateTempSubdirectory("trusted-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Require_OwnDirectoriesAndLinks_Passes()
    {
        PrivateDirectory.Create(In("target/sub"));
        Directory.CreateSymbolicLink(In("link"), "target");

        TrustedPath.RequireTrusted(In("link/sub"));
    }

    /// <summary>The link's owner redirects it after the check.</summary>
    [MountFact]
    public void Require_LinkOfAnotherUserOnTheWay_IsRefused()
    {
        PrivateDirectory.Create(In("target/sub"));
        Directory.CreateSymbolicLink(In("link"), In("target"));
        Run("chown", "-h", $"{OtherUser}", In("link"));

        AssertRefused(In("link/sub"), $"link of user {OtherUser}");
    }

    /// <summary>The link itself is safe; the directory that holds its target is not.</summary>
    [Theory]
    [InlineData("shared/target")]
    [InlineData("first")]
    public void Require_LinkIntoASharedDirectory_IsRefused(string target)
    {
        PrivateDirectory.Create(In("shared/target"));
        File.SetUnixFileMode(In("shared"), Everything);
        Directory.CreateSymbolicLink(In("first"), In("shared/target"));
        Directory.CreateSymbolicLink(In("link"), target);

        AssertRefused(In("link"), "other users can replace its content (mode 0777");
        AssertRefused(In("link/below"), "other users can replace its content (mode 0777");
    }

    [Fact]
    public void Require_LinkToItself_IsRefused()
    {
        Directory.CreateSymbolicLink(In("loop"), In("loop"));

        AssertRefused(In("loop"), "too many links");
    }

    [Theory]
    [InlineData(1000u, 0u, 1000u, false)]
    [InlineData(1000u, 1000u, 1000u, false)]
    [InlineData(0u, 1000u, 1000u, false)]
    [InlineData(1000u, 100u, 1000u, true)]
    [InlineData(0u, 1000u, 0u, true)]
    public void IsWritableByOthers_OfAGroup_DependsOnWhetherItIsTheUsersOwn(uint owner, uint group, uint user, bool expected)
    {
        var entry = new UnixEntry(owner, group, GroupWritable, HardLinks: 2, Inode: 1, Device: 1);

        Assert.Equal(expected, entry.IsWritableByOthers(user));
    }

    [Fact]
    public void Require_DirectoryOfASharedGroup_IsRefused()
    {
        if (UnixEntry.User != 0)
            return;
        PrivateDirectory.Create(In("a"));
        Run("chgrp", "100", In("a"));
        File.SetUnixFileMode(In("a"), Everything & ~UnixFileMode.OtherWrite);

        AssertRefused(In("a/b"), "other users can replace its content (mode 0775");
    }

    /// <summary>As Kubernetes mounts an emptyDir.</summary>
    [MountFact]
    public void Require_WritableVolumeOfRoot_Passes()
    {
        using var volume = new SmallFileSystem(1 << 20);
        File.SetUnixFileMode(volume.Path, Everything);

        TrustedPath.RequireTrusted(volume.Path);
    }

    /// <summary>A store may lie on a volume that its user has mounted into a container, and code may not.</summary>
    [MountFact]
    public void Require_VolumeOfAnotherUser_PassesOnlyWhereVolumesAreAllowed()
    {
        using var volume = new SmallFileSystem(1 << 20);
        var below = Directory.CreateDirectory(Path.Combine(volume.Path, "below")).FullName;
        Run("chown", "-R", $"{OtherUser}:{OtherUser}", volume.Path);
        File.SetUnixFileMode(below, Everything & ~UnixFileMode.OtherWrite);

        TrustedPath.RequireTrusted(below, allowsVolumes: true);
        AssertRefused(below, $"belongs to user {OtherUser}");
    }

    /// <summary>It is on no volume: root runs on a machine that has other users.</summary>
    [MountFact]
    public void Require_DirectoryOfAnotherUser_IsRefusedEvenWhereVolumesAreAllowed()
    {
        PrivateDirectory.Create(In("a"));
        Run("chown", $"{OtherUser}", In("a"));

        var refusal = Assert.Throws<StorageException>(() => TrustedPath.RequireTrusted(In("a"), allowsVolumes: true));

        Assert.Contains($"belongs to user {OtherUser}", refusal.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string path, string reason) =>
        Assert.Contains(reason, Assert.Throws<StorageException>(() => TrustedPath.RequireTrusted(path)).Message, StringComparison.Ordinal);

    private string In(string path) => Path.Combine(_root, path);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
