using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Actors.Runtime;

namespace Actors.Client.Tests.Runtime;

public sealed class ClientRuntimeTests
{
    /// <summary>
    /// When a connection breaks, the thread that reads the socket notifies the sessions, which look for another coordinator. Continuations
    /// on that thread wait for it. The start of an actor system waits for such continuations, and gave up after 5 s.
    /// </summary>
    [Fact]
    public async Task AcquireUse_OnContinuationThread_DoesNotBlockIt()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var at = $"127.0.0.1:{((IPEndPoint)nobody.LocalEndpoint).Port}";
        using var giveUp = new CancellationTokenSource();
        var one = new TaskFactory(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);

        var (runtime, heldUp) = await one.StartNew(() =>
        {
            var clock = Stopwatch.StartNew();
            return (ClientRuntime.FindConnection(at, null).AcquireUseAsync(Timeout.InfiniteTimeSpan, giveUp.Token), clock.Elapsed);
        });

        Assert.True(heldUp < TimeSpan.FromSeconds(4), $"It was held up for {heldUp}.");
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runtime);
    }
}
