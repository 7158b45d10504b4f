using System.Net;
using System.Net.Sockets;
using Actors.Client.Tests.Pools;
using Actors.Runtime;
using Actors.Testing;

namespace Actors.Client.Tests.Runtime;

/// <summary>The runtime that pools and managers of the same coordinators share. The test starts it.</summary>
public sealed class SharedRuntimeTests : PatientTestKit
{
    private readonly List<FakeRuntime> _started = [];
    private readonly SharedRuntime _shared;

    public SharedRuntimeTests() => _shared = new SharedRuntime((_, _) => StartAsync());

    [Fact]
    public async Task AcquireRuntime_SecondTime_ReturnsSameRuntime()
    {
        var first = await AcquireAsync();
        var second = await AcquireAsync();

        await first.DisposeAsync();
        Assert.False(Assert.Single(_started).IsDisposed);

        await second.DisposeAsync();
        Assert.True(_started[0].IsDisposed);
    }

    [Fact]
    public async Task Dispose_OneUseOfLostRuntime_KeepsOtherUses()
    {
        var first = await AcquireAsync();
        var second = await AcquireAsync();
        _started[0].MarkLost();
        await using var next = await AcquireAsync();

        await first.DisposeAsync();
        Assert.False(_started[0].IsDisposed);

        await second.DisposeAsync();
        Assert.True(_started[0].IsDisposed);
        Assert.False(_started[1].IsDisposed);
    }

    [Fact]
    public async Task Dispose_Twice_ReleasesOnce()
    {
        var first = await AcquireAsync();
        await using var second = await AcquireAsync();

        await first.DisposeAsync();
        await first.DisposeAsync();

        Assert.False(_started[0].IsDisposed);
    }

    [Fact]
    public async Task Dispose_WhileNextRuntimeStarts_DoesNotWait()
    {
        var start = new TaskCompletionSource<IClientRuntime>();
        var shared = new SharedRuntime((_, _) => _started.Count == 0 ? StartAsync() : start.Task);
        var lost = await shared.AcquireUseAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        lost.MarkLost();
        var starting = shared.AcquireUseAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);

        await lost.DisposeAsync();

        Assert.True(_started[0].IsDisposed);
        start.SetResult(await StartAsync());
        await (await starting).DisposeAsync();
    }

    [Fact]
    public async Task AcquireRuntime_OtherCoordinatorUnresponsive_DoesNotWait()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var giveUp = new CancellationTokenSource();
        var elsewhere = ClientRuntime.AcquireRuntimeAsync(
            $"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", Timeout.InfiniteTimeSpan, giveUp.Token);

        var here = ClientRuntime.AcquireRuntimeAsync(null, Timeout.InfiniteTimeSpan, CancellationToken.None);

        Assert.Same(here, await Task.WhenAny(here, elsewhere));
        await (await here).DisposeAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => elsewhere);
    }

    private Task<IClientRuntime> AcquireAsync() => _shared.AcquireUseAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);

    private Task<IClientRuntime> StartAsync()
    {
        var runtime = new FakeRuntime(Sys, TestActor);
        _started.Add(runtime);
        return Task.FromResult<IClientRuntime>(runtime);
    }
}
