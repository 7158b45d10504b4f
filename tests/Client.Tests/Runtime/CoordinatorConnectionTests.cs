using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Actors.Client.Tests.Pools;
using Actors.Runtime;
using Actors.Testing;

namespace Actors.Client.Tests.Runtime;

/// <summary>The runtime that pools and managers of the same coordinators share. The test starts it.</summary>
public sealed class CoordinatorConnectionTests : PatientTestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<FakeRuntime> _started = [];
    private readonly CoordinatorConnection _connection;

    public CoordinatorConnectionTests() => _connection = new CoordinatorConnection((_, _, _) => StartAsync());

    [Fact]
    public async Task AcquireUse_SecondTime_ReturnsSameRuntime()
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
        var connection = new CoordinatorConnection((_, _, _) => _started.Count == 0 ? StartAsync() : start.Task);
        var lost = await connection.AcquireUseAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        _started[0].MarkLost();
        var starting = connection.AcquireUseAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);

        await lost.DisposeAsync();

        Assert.True(_started[0].IsDisposed);
        start.SetResult(await StartAsync());
        await (await starting).DisposeAsync();
    }

    [Fact]
    public async Task AcquireUse_OtherCoordinatorUnresponsive_DoesNotWait()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var giveUp = new CancellationTokenSource();
        var elsewhere = ClientRuntime.FindConnection($"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}")
            .AcquireUseAsync(Timeout.InfiniteTimeSpan, giveUp.Token);

        var here = ClientRuntime.FindConnection(null).AcquireUseAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);

        Assert.Same(here, await Task.WhenAny(here, elsewhere));
        await (await here).DisposeAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => elsewhere);
    }

    [Fact]
    public async Task AcquireUse_SeveralUsersAfterLoss_WaitForTheSameAttempt()
    {
        var next = new TaskCompletionSource<IClientRuntime>();
        var attempts = 0;
        var connection = new CoordinatorConnection((_, _, _) => attempts++ == 0 ? StartAsync() : next.Task);
        var lost = await connection.AcquireUseAsync(Patience, CancellationToken.None);
        _started[0].MarkLost();

        var waiting = Enumerable.Range(0, 3).Select(_ => connection.AcquireUseAsync(Patience, CancellationToken.None)).ToList();
        next.SetResult(await StartAsync());
        var uses = await Task.WhenAll(waiting);

        Assert.Equal(2, attempts);
        foreach (var use in uses.Append(lost))
            await use.DisposeAsync();
        Assert.All(_started, runtime => Assert.True(runtime.IsDisposed));
    }

    [Fact]
    public async Task AcquireUse_UnreachableAfterLoss_TriesAgain()
    {
        var failures = new Queue<Exception>([new CoordinatorUnreachableException("none"), new CoordinatorUnreachableException("none")]);
        var connection = await LoseAsync(
            () => failures.TryDequeue(out var failure) ? Task.FromException<IClientRuntime>(failure) : StartAsync());

        await using var next = await connection.AcquireUseAsync(Patience, CancellationToken.None);

        Assert.Empty(failures);
        Assert.False(next.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task AcquireUse_RefusedAfterLoss_ThrowsAtOnce()
    {
        var connection = await LoseAsync(() => Task.FromException<IClientRuntime>(new AuthenticationException("other key")));

        await Assert.ThrowsAsync<AuthenticationException>(() => connection.AcquireUseAsync(Patience, CancellationToken.None));
    }

    [Fact]
    public async Task AcquireUse_FirstAttemptFails_ThrowsAtOnce()
    {
        var connection = new CoordinatorConnection(
            (_, _, _) => Task.FromException<IClientRuntime>(new CoordinatorUnreachableException("other version")));

        await Assert.ThrowsAsync<CoordinatorUnreachableException>(() => connection.AcquireUseAsync(Patience, CancellationToken.None));
    }

    [Fact]
    public async Task AcquireUse_UserThatTriesIsCanceled_NextUserTries()
    {
        using var giveUp = new CancellationTokenSource();
        var canceled = new TaskCompletionSource<IClientRuntime>();
        var attempts = new Queue<Task<IClientRuntime>>([canceled.Task]);
        var connection = await LoseAsync(() => attempts.TryDequeue(out var attempt) ? attempt : StartAsync());
        var first = connection.AcquireUseAsync(Patience, giveUp.Token);
        var second = connection.AcquireUseAsync(Patience, CancellationToken.None);

        canceled.SetCanceled(giveUp.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await using var next = await second;
        Assert.Equal(2, _started.Count);
    }

    [Fact]
    public async Task AcquireUse_OtherUserTriesLonger_EndsAtItsOwnLimit()
    {
        var attempt = new TaskCompletionSource<IClientRuntime>();
        var connection = await LoseAsync(() => attempt.Task);
        var patient = connection.AcquireUseAsync(Patience, CancellationToken.None);

        await Assert.ThrowsAsync<CoordinatorUnreachableException>(
            () => connection.AcquireUseAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None));

        attempt.SetResult(await StartAsync());
        await (await patient).DisposeAsync();
    }

    /// <summary>A connection whose first runtime is lost and still used.</summary>
    private async Task<CoordinatorConnection> LoseAsync(Func<Task<IClientRuntime>> reconnect)
    {
        var connection = new CoordinatorConnection((_, _, _) => _started.Count == 0 ? StartAsync() : reconnect());
        await connection.AcquireUseAsync(Patience, CancellationToken.None);
        _started[0].MarkLost();
        return connection;
    }

    private Task<IClientRuntime> AcquireAsync() => _connection.AcquireUseAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);

    private Task<IClientRuntime> StartAsync()
    {
        var runtime = new FakeRuntime(Sys, TestActor);
        _started.Add(runtime);
        return Task.FromResult<IClientRuntime>(runtime);
    }
}
