using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Actors.Messages.Executors;
using Actors.Messages.Storage;
using Actors.Remoting.Transport;

namespace Actors.WorkerNode.Executors;

/// <summary>A connected executor, which has presented its token.</summary>
public sealed record AcceptedExecutor(ExecutorSocket Socket, FrameStream Frames, int ProcessId);

/// <summary>
/// Accepts executors on the socket of the node, and passes each to the owner of its token. Connections without a valid token are closed.
/// </summary>
public sealed class ExecutorListener : IDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(5);

    // Kind, version, process id and token. A connection without a verified token gets no more memory than that.
    private const int HelloLength = 1 + sizeof(int) + sizeof(int) + ExecutorProtocol.TokenLength;
    private const int ThreadStack = 256 * 1024;

    // Linux: SOL_SOCKET and SO_PEERCRED, whose first member is the process id.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    private const int NoProcess = -1;

    /// <summary>
    /// The limit of connections that have not presented a token. A worker does so at once, so a job that opens connections does not keep
    /// other workers out.
    /// </summary>
    public const int MaxPending = 64;

    private readonly ConcurrentDictionary<string, ExpectedExecutor> _expected = new();
    private readonly FrameBudget _budget = FrameBudget.CreateDefault();
    private readonly PendingLinks<ExecutorSocket> _pending;
    private readonly TimeSpan _helloTimeout;
    private readonly Action<Action> _startThread;
    private readonly Func<Socket, int> _findProcess;
    private readonly SocketAddress _address;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private volatile bool _isDisposed;

    /// <param name="path">The path of the socket, of any length.</param>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    /// <exception cref="SocketException">The socket cannot be created.</exception>
    public ExecutorListener(string path)
        : this(path, HelloTimeout, StartThread, FindProcess)
    {
    }

    /// <param name="path">The path of the socket, of any length.</param>
    /// <param name="helloTimeout">The time in which a connection must present its token.</param>
    /// <param name="startThread">Starts a thread for a connection.</param>
    /// <param name="findProcess">Finds the process at the other end of a connection.</param>
    internal ExecutorListener(string path, TimeSpan helloTimeout, Action<Action> startThread, Func<Socket, int> findProcess)
    {
        (_helloTimeout, _startThread, _findProcess) = (helloTimeout, startThread, findProcess);
        _pending = new PendingLinks<ExecutorSocket>(MaxPending, IsExpected);
        _address = SocketAddress.ForPath(path);
        _socket.Bind(_address.EndPoint);
        PrivateFile.RestrictSocket(path);
        _socket.Listen(64);
        new Thread(AcceptAll) { IsBackground = true, Name = "executor listener" }.Start();
    }

    /// <summary>
    /// Creates a token. The executor that presents it is passed to <paramref name="accept"/> once, on a thread of the listener. Only a hash
    /// of the token is kept: a dump of this process does not reveal it, and neither does the time of a lookup.
    /// </summary>
    public byte[] CreateToken(Action<AcceptedExecutor> accept)
    {
        var token = RandomNumberGenerator.GetBytes(ExecutorProtocol.TokenLength);
        _expected[HashOf(token)] = new ExpectedExecutor(accept);
        return token;
    }

    /// <summary>
    /// Tells the process that has a token. Until it presents the token, connections of other processes are closed before its own: a job may
    /// have started many processes that connect.
    /// </summary>
    public void SetProcess(byte[] token, int process)
    {
        if (_expected.TryGetValue(HashOf(token), out var expected))
            expected.Process = process;
    }

    /// <summary>Revokes a token whose executor will not connect.</summary>
    public void RevokeToken(byte[] token) => _expected.TryRemove(HashOf(token), out _);

    /// <summary>The number of connections that have not presented a token.</summary>
    public int PendingCount => _pending.Count;

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _socket.Dispose();
        _address.Dispose();
    }

    private void AcceptAll()
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = _socket.Accept();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                if (_isDisposed)
                    return;
                // The process is out of file descriptors, or the peer has disconnected. The next attempt may succeed.
                Thread.Sleep(RetryPause);
                continue;
            }

            BeginAuthentication(new ExecutorSocket(accepted), _findProcess(accepted));
        }
    }

    /// <summary>A silent connection must neither block others nor occupy threads of the pool.</summary>
    private void BeginAuthentication(ExecutorSocket executor, int process)
    {
        executor.SetReceiveDeadline(_helloTimeout);
        _pending.AddLink(executor, process)?.Dispose();
        try
        {
            _startThread(() => AuthenticateExecutor(executor));
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            // The process has no more threads. The worker's owner starts another one.
            _pending.RemoveLink(executor);
            executor.Dispose();
        }
    }

    private bool IsExpected(object process) => _expected.Values.Any(expected => process.Equals(expected.Process));

    /// <summary>Finds the process at the other end, so that the connections of one do not close those of others.</summary>
    private static int FindProcess(Socket accepted)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];
        accepted.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return BinaryPrimitives.ReadInt32LittleEndian(credentials);
    }

    private static void StartThread(Action run) =>
        new Thread(() => run(), ThreadStack) { IsBackground = true, Name = "executor hello" }.Start();

    private void AuthenticateExecutor(ExecutorSocket accepted)
    {
        try
        {
            var frames = new FrameStream(accepted, budget: _budget);
            if (!frames.TryRead(out var frame, HelloLength) || frame.Kind != FrameKind.Handshake
                || !TryReadHello(frame, out var accept, out var processId))
            {
                accepted.Dispose();
                return;
            }

            accepted.SetReceiveDeadline(Timeout.InfiniteTimeSpan);
            _pending.RemoveLink(accepted);
            accept(new AcceptedExecutor(accepted, frames, processId));
        }
        catch (Exception exception) when (exception is SocketException or InvalidDataException or ObjectDisposedException)
        {
            accepted.Dispose();
        }
        finally
        {
            _pending.RemoveLink(accepted);
        }
    }

    private static string HashOf(ReadOnlySpan<byte> token) => Convert.ToHexString(SHA256.HashData(token));

    private bool TryReadHello(Frame hello, out Action<AcceptedExecutor> accept, out int processId)
    {
        var reader = hello.CreateReader();
        accept = _ => { };
        processId = 0;
        if (reader.ReadInt32() != ExecutorProtocol.Version)
            return false;
        processId = reader.ReadInt32();
        if (!_expected.TryRemove(HashOf(reader.ReadRaw(ExecutorProtocol.TokenLength).Span), out var expected))
            return false;
        accept = expected.Accept;
        return true;
    }

    /// <summary>An executor that has not presented its token.</summary>
    private sealed class ExpectedExecutor(Action<AcceptedExecutor> accept)
    {
        private volatile int _process = NoProcess;

        public Action<AcceptedExecutor> Accept => accept;

        /// <summary>The process id; <see cref="NoProcess"/> until the process has started.</summary>
        public int Process { get => _process; set => _process = value; }
    }
}
