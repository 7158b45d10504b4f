using System.Net;
using System.Net.Sockets;

namespace Actors.Cli.Tests.Running;

/// <summary>A coordinator with a store, as the command <c>coordinator</c> runs it in this process.</summary>
public sealed class RunningCluster : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private Task<ToolRun>? _coordinator;

    /// <summary>Gets the address of the coordinator.</summary>
    public string Address { get; } = $"127.0.0.1:{FindFreePort()}";

    /// <summary>Finds a port that no program uses.</summary>
    public static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a command against the coordinator.</summary>
    internal Task<ToolRun> RunAsync(params string[] args) => Tool.RunAsync([.. args, "--connect", Address]);

    /// <summary>Starts a worker node in this process.</summary>
    internal Task<ToolRun> RunNodeAsync(CancellationToken stop) => Tool.RunAsync(
        ["worker", "--join", Address, "--processes", "1", "--cache", TestFiles.GetPath("node")], stop);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _coordinator = Tool.RunAsync(
            ["coordinator", "--port", Address.Split(':')[1], "--store", TestFiles.GetPath($"{Guid.NewGuid():N}.db")], _stop.Token);
        // The command waits until the coordinator answers.
        Assert.Equal(0, (await RunAsync("status", "--timeout", "60")).ExitCode);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        Assert.Equal(0, (await _coordinator!).ExitCode);
        _stop.Dispose();
    }
}
