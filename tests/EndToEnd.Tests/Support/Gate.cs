using System.Net;
using System.Net.Sockets;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>Where a running job can say that it is there, and wait until the test lets it go: signals in place of sleeps.</summary>
internal sealed class Gate : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Gate() => _listener.Start();

    /// <summary>What a job is given to find the gate.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The next job that came; in the job: <see cref="Announce"/>.</summary>
    public async Task<Visitor> NextAsync()
    {
        var client = await _listener.AcceptTcpClientAsync().Soon();
        var processId = new byte[sizeof(int)];
        await client.GetStream().ReadExactlyAsync(processId).Soon();
        return new Visitor(client, BitConverter.ToInt32(processId));
    }

    /// <summary>Whether nobody has come since.</summary>
    public bool IsQuiet => !_listener.Pending();

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    /// <summary>In a job: says that it runs, and in which process.</summary>
    public static TcpClient Announce(int port)
    {
        var client = new TcpClient();
        client.Connect(IPAddress.Loopback, port);
        client.GetStream().Write(BitConverter.GetBytes(Environment.ProcessId));
        return client;
    }

    /// <summary>In a job: says that it runs and waits to be let go.</summary>
    /// <returns>The process id.</returns>
    public static int Pass(int port)
    {
        using var client = Announce(port);
        return client.GetStream().ReadByte() >= 0 ? Environment.ProcessId : throw new IOException("The test has gone.");
    }

    /// <summary>A job at the gate.</summary>
    internal sealed class Visitor(TcpClient client, int processId) : IDisposable
    {
        public int ProcessId => processId;

        /// <summary>Lets it go on.</summary>
        public void Release() => client.GetStream().WriteByte(1);

        /// <summary>Ends when the job, or its process, has.</summary>
        public async Task GoneAsync()
        {
            try
            {
                await client.GetStream().ReadAsync(new byte[1]).Soon();
            }
            catch (IOException)
            {
                // Reset: its process was killed.
            }
        }

        /// <inheritdoc/>
        public void Dispose() => client.Dispose();
    }
}
