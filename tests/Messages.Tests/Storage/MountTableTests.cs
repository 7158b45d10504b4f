using Actors.Messages.Storage;

namespace Actors.Messages.Tests.Storage;

/// <summary><see cref="MountTable"/>: the format of <c>/proc/self/mountinfo</c>.</summary>
public sealed class MountTableTests
{
    private readonly MountTable _mounts = new(
    [
        "1 0 0:50 / / ro,relatime - overlay overlay rw",
        "2 1 0:51 / /run rw,nosuid - tmpfs tmpfs rw",
        "3 2 8:1 /data/secrets/key /run/secrets/key ro,relatime - ext4 /dev/sda1 rw",
        @"4 2 8:1 /a /run/a\040b ro - ext4 /dev/sda1 rw",
        "no mount",
    ]);

    [Theory]
    [InlineData("/run/secrets/key", true)]
    [InlineData("/run/secrets/keys", false)]
    [InlineData("/run/a b/key", true)]
    [InlineData("/run/key", false)]
    [InlineData("/etc/key", false)]
    public void IsReadOnly_File_IsThatOfTheNearestMount(string path, bool isReadOnly) =>
        Assert.Equal(isReadOnly, _mounts.IsReadOnly(path));
}
