using System.Net.Sockets;

namespace Actors.WorkerNode.Tests.Executors;

/// <summary>The two ends of a local connection.</summary>
internal sealed class SocketPair : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sockets-");

    public SocketPair()
    {
        var address = new UnixDomainSocketEndPoint(System.IO.Path.Combine(_directory.FullName, "s"));
        using var listener = NewSocket();
        listener.Bind(address);
        listener.Listen(1);
        Near = NewSocket();
        Near.Connect(address);
        Far = listener.Accept();
    }

    public Socket Near { get; }

    public Socket Far { get; }

    public static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
        _directory.Delete(recursive: true);
    }
}
