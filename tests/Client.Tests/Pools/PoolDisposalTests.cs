using System.Security.Authentication;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Pools;
using Actors.Runtime;
using Actors.Testing;
using Akka.TestKit;

namespace Actors.Client.Tests.Pools;

/// <summary>A pool that is disposed after its session ended with a failure. The coordinator is played by the test.</summary>
public sealed class PoolDisposalTests : PatientTestKit
{
    public static TheoryData<Exception> Failures => new()
    {
        new CoordinatorLostException("lost"),
        new AuthenticationException("other key"),
        new FormatException("unexpected"),
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task DisposeAsync_SessionFailedWhileReconnecting_ThrowsNothing(Exception failure)
    {
        var coordinator = CreateTestProbe();
        var options = new PoolOptions
        {
            // After the loss of a coordinator the pool tries again.
            ReconnectFor = failure is CoordinatorLostException ? TimeSpan.Zero : TimeSpan.FromMinutes(1),
        };
        var opening = PoolSession.OpenAsync(
            new FakeRuntime(Sys, coordinator), ProcessPool.CreateSpec(1, BundleId.ThisProcess, options), options,
            new CoordinatorConnection((_, _, _) => Task.FromException<IClientRuntime>(failure)), CancellationToken.None);
        var open = coordinator.ExpectMsg<PoolProtocol.OpenPool>();
        coordinator.LastSender.Tell(new PoolProtocol.PoolOpened(open.Pool, default, IsClosed: false), coordinator);
        var pool = new ProcessPool(await opening, options, 1);

        Sys.Stop(coordinator);
        await Assert.ThrowsAsync(failure.GetType(), () => EndAsync(pool));

        await pool.DisposeAsync();
    }

    private static Task EndAsync(ProcessPool pool)
    {
        pool.Close();
        return pool.JoinAsync();
    }
}
