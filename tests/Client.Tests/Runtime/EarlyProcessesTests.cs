using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Pools;
using Actors.Remoting.Bundles;
using Actors.WorkerNode.Executors;

namespace Actors.Client.Tests.Runtime;

/// <summary>Workers that start before their actors exist.</summary>
public sealed class EarlyProcessesTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly LocalEndpoint _endpoint = LocalEndpoint.Open();
    private readonly PoolSpec _spec = ProcessPool.CreateSpec(1, BundleId.ThisProcess, new PoolOptions());

    public void Dispose() => _endpoint.Dispose();

    [Fact]
    public async Task TryTake_ProcessWasBegun_ReturnsItOnce()
    {
        _endpoint.Early.Begin(OwnCode.FindFiles(), _spec, 1);

        Assert.True(_endpoint.Early.TryTake(_spec, out var process));
        Assert.False(_endpoint.Early.TryTake(_spec, out _));

        var connected = await process.Connected.WaitAsync(Longest);
        Assert.Equal((await process.Process).Id, connected.ProcessId);
        await process.EndAsync().WaitAsync(Longest);
        Assert.True(process.Exited.IsCompleted);
    }

    [Fact]
    public async Task TryTake_PoolWithOtherSettings_ReturnsNone()
    {
        var environment = _spec with { Environment = new WorkerEnvironment([], null) };
        _endpoint.Early.Begin(OwnCode.FindFiles(), _spec, 1);

        Assert.False(_endpoint.Early.TryTake(environment, out _));
        Assert.False(_endpoint.Early.TryTake(_spec with { MemoryLimitBytes = 1 << 30 }, out _));

        await _endpoint.Early.EndRemainingAsync().WaitAsync(Longest);
    }

    [Fact]
    public void Begin_PoolWithOtherSettings_StartsNone()
    {
        _endpoint.Early.Begin(OwnCode.FindFiles(), _spec with { MemoryLimitBytes = 1 << 30 }, 1);

        Assert.False(_endpoint.Early.TryTake(_spec, out _));
    }

    [Fact]
    public async Task EndRemainingAsync_ProcessWasNotTaken_EndsIt()
    {
        _endpoint.Early.Begin(OwnCode.FindFiles(), _spec, 2);

        await _endpoint.Early.EndRemainingAsync().WaitAsync(Longest);

        Assert.False(_endpoint.Early.TryTake(_spec, out _));
        Assert.DoesNotContain(Directory.GetDirectories("/proc"), HasSocket);
    }

    /// <summary>Whether a process was started with the socket of the endpoint.</summary>
    private bool HasSocket(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Contains(_endpoint.Directory.SocketPath, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
