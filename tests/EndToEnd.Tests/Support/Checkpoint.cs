using System.Net;
using System.Net.Sockets;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>A point at which a job reports to the test and waits for its release. Replaces sleeps in tests.</summary>
internal sealed class Checkpoint : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Checkpoint() => _listener.Start();

    /// <summary>Gets the TCP port through which jobs reach the checkpoint.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Waits for the next job that calls <see cref="Report"/> or <see cref="ReportAndWait"/>.</summary>
    public async Task<WaitingJob> NextAsync()
    {
        var client = await _listener.AcceptTcpClientAsync().Soon();
        var processId = new byte[sizeof(int)];
        await client.GetStream().ReadExactlyAsync(processId).Soon();
        return new WaitingJob(client, BitConverter.ToInt32(processId));
    }

    /// <summary>Gets whether no further job has reported.</summary>
    public bool IsQuiet => !_listener.Pending();

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    /// <summary>Reports the process id of the job to the test. Called in a job.</summary>
    public static TcpClient Report(int port)
    {
        var client = new TcpClient();
        client.Connect(IPAddress.Loopback, port);
        client.GetStream().Write(BitConverter.GetBytes(Environment.ProcessId));
        return client;
    }

    /// <summary>Reports the process id of the job to the test and waits for the release. Called in a job.</summary>
    /// <returns>The process id.</returns>
    public static int ReportAndWait(int port)
    {
        using var client = Report(port);
        return client.GetStream().ReadByte() >= 0
            ? Environment.ProcessId
            : throw new IOException("The test ended before it released the job.");
    }

    /// <summary>A job that has reported at the checkpoint.</summary>
    internal sealed class WaitingJob(TcpClient client, int processId) : IDisposable
    {
        public int ProcessId => processId;

        /// <summary>Lets the job continue.</summary>
        public void Release() => client.GetStream().WriteByte(1);

        /// <summary>Waits for the end of the job or of its process.</summary>
        public async Task WaitForEndAsync()
        {
            try
            {
                await client.GetStream().ReadAsync(new byte[1]).Soon();
            }
            catch (IOException)
            {
                // The connection is reset when the process is killed.
            }
        }

        /// <inheritdoc/>
        public void Dispose() => client.Dispose();
    }
}
