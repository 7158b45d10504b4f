using System.Net.Sockets;
using Actors.Messages.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class SocketAddressTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory();

    [Theory]
    [InlineData(20)]
    [InlineData(103)]
    [InlineData(108)]
    [InlineData(300)]
    public void Of_PathOfAnyLength_CanBeListenedOnAndRemoved(int length)
    {
        var directory = Path.Combine(_parent.FullName, new string('d', Math.Min(100, length)), new string('e', Math.Max(1, length - 100)));
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, "a.sock");
        using (var address = SocketAddress.ForPath(path))
        using (var listener = NewSocket())
        {
            listener.Bind(address.EndPoint);
            listener.Listen();
            using var other = SocketAddress.ForPath(path);
            using var client = NewSocket();
            client.Connect(other.EndPoint);
            using var accepted = listener.Accept();

            Assert.Equal(1, client.Send([7]));
            Assert.Equal(1, accepted.Receive(new byte[1]));
            Assert.True(File.Exists(path));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Of_LongPathInAMissingDirectory_IsAnIoError() =>
        Assert.ThrowsAny<IOException>(() => SocketAddress.ForPath(Path.Combine(_parent.FullName, new string('x', 120), "a.sock")));

    public void Dispose() => _parent.Delete(recursive: true);

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
