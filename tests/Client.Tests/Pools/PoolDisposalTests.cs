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

    /// <summary>The program awaits none of its jobs, and would end as if all were well.</summary>
    [Fact]
    public async Task DisposeAsync_DurableJobIsNotAccepted_ThrowsWhenNoCoordinatorAnswers()
    {
        var (pool, coordinator) = await OpenDurableAsync();
        _ = pool.ApplyAsync(static () => 1);
        coordinator.ExpectMsg<PoolProtocol.SubmitJobs>();

        var disposal = pool.DisposeAsync();
        coordinator.FishForMessage(static message => message is PoolProtocol.DetachFromPool);
        Sys.Stop(coordinator);

        var lost = await Assert.ThrowsAsync<CoordinatorLostException>(async () => await disposal);
        Assert.Contains("1 submitted jobs may not be accepted", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisposeAsync_DurableJobsAreAccepted_ThrowsNothingWhenTheCoordinatorIsLost()
    {
        var (pool, coordinator) = await OpenDurableAsync();
        _ = pool.ApplyAsync(static () => 1);
        coordinator.ExpectMsg<PoolProtocol.SubmitJobs>();
        coordinator.Reply(new PoolProtocol.JobsAccepted(1));

        var disposal = pool.DisposeAsync();
        coordinator.FishForMessage(static message => message is PoolProtocol.DetachFromPool);
        Sys.Stop(coordinator);

        await disposal;
    }

    private async Task<(ProcessPool Pool, TestProbe Coordinator)> OpenDurableAsync()
    {
        var coordinator = CreateTestProbe();
        coordinator.AnswerSearches();
        coordinator.IgnoreMessages(static message => message is PoolProtocol.FindPool or PoolProtocol.ComparePool);
        var options = new PoolOptions { DurableName = "pool", ReconnectFor = TimeSpan.Zero };
        var opening = PoolSession.OpenAsync(
            new FakeRuntime(Sys, coordinator), ProcessPool.CreateSpec(1, BundleId.ThisProcess, options), options,
            new CoordinatorConnection(static (_, _, _) =>
                Task.FromException<IClientRuntime>(new CoordinatorUnreachableException("No coordinator answers."))),
            CancellationToken.None);
        var open = coordinator.ExpectMsg<PoolProtocol.OpenPool>();
        coordinator.Reply(new PoolProtocol.PoolOpened(open.Pool, default, IsClosed: false));
        return (new ProcessPool(await opening, options, 1), coordinator);
    }

    private static Task EndAsync(ProcessPool pool)
    {
        pool.Close();
        return pool.JoinAsync();
    }
}
