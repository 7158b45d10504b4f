using System.Net.Sockets;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>Both ends of a local connection to a shared listener.</summary>
internal sealed class SocketPair : IDisposable
{
    /// <summary>Large enough for the longest input, so that no sender blocks.</summary>
    private const int BufferSize = 1 << 20;

    private static readonly Lazy<(Socket Listener, UnixDomainSocketEndPoint Address)> Shared = new(Listen);

    public SocketPair()
    {
        var (listener, address) = Shared.Value;
        Near = NewSocket();
        Near.Connect(address);
        Far = listener.Accept();
    }

    public Socket Near { get; }

    public Socket Far { get; }

    public void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
    }

    private static (Socket, UnixDomainSocketEndPoint) Listen()
    {
        // An address that begins with a zero byte has no file.
        var address = new UnixDomainSocketEndPoint($"\0actors-fuzz-{Environment.ProcessId}");
        var listener = NewSocket();
        listener.Bind(address);
        listener.Listen(1);
        return (listener, address);
    }

    private static Socket NewSocket() =>
        new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendBufferSize = BufferSize };
}
