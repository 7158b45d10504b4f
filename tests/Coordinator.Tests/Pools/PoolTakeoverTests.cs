using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;
using Microsoft.Data.Sqlite;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>
/// A second coordinator takes over a durable pool while the first one still runs it. Each is an actor system here, with the same store:
/// both write the record of one number, and the database refuses the second one.
/// </summary>
public sealed class PoolTakeoverTests : PatientTestKit
{
    private readonly string _folder = Directory.CreateTempSubdirectory("takeover-").FullName;
    private readonly PoolId _id = PoolId.New();
    private readonly SessionId _session = SessionId.New();
    private PostgresServer? _server;

    public PoolTakeoverTests()
        : base(RoleConfiguration.CreateLocal())
    {
    }

    [Fact]
    public Task Submit_PoolWasTakenOverInSqlite_IsInterruptedAndLosesNoJob() =>
        SubmitAfterTakeoverAsync(new SqliteStore(Path.Combine(_folder, "jobs.db")));

    [PostgresFact]
    public Task Submit_PoolWasTakenOverInPostgres_IsInterruptedAndLosesNoJob()
    {
        _server = new PostgresServer();
        return SubmitAfterTakeoverAsync(new PostgresStore(File.ReadAllText(_server.ConnectionFile)));
    }

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        base.AfterAll();
        SqliteConnection.ClearAllPools();
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SubmitAfterTakeoverAsync(DurableStore store)
    {
        store.PrepareStore();
        using var otherCoordinator = ActorSystem.Create("other", Sys.Settings.Config);
        var client = CreateTestProbe();
        var first = StartPool(Sys, store);
        Assert.Equal(default, Open(first, client, range: -1).LastJob);
        Submit(first, client, job: 1);
        client.ExpectMsg<PoolProtocol.JobsAccepted>();
        var again = CreateTestProbe();
        var second = StartPool(otherCoordinator, store);
        Assert.Equal(new JobId(1), Open(second, again, range: 0).LastJob);

        Submit(first, client, job: 2);

        var interrupted = client.ExpectMsg<PoolProtocol.PoolInterrupted>();
        Assert.Contains("was opened by another program or coordinator, which owns it now", interrupted.Reason, StringComparison.Ordinal);
        // As the client does after an interruption, in the same session.
        Submit(second, again, job: 2);
        again.ExpectMsg<PoolProtocol.JobsAccepted>();
        second.Tell(new PoolProtocol.ListJobs(_id, default, 10), again);
        var listed = (PoolProtocol.JobsListed)again.FishForMessage(message => message is PoolProtocol.JobsListed);
        Assert.Equal([1, 2], listed.Jobs.Select(job => job.Id.Value));
        await otherCoordinator.Terminate();
    }

    private IActorRef StartPool(ActorSystem system, DurableStore store)
    {
        var (id, nodes, plugins) = (_id, CreateTestProbe().Ref, JournalPlugins.RegisterStore(system, store));
        return system.ActorOf(Props.Create(() => new DurablePoolActor(id, nodes, plugins, TimeProvider.System, "farewell", true)));
    }

    private PoolProtocol.PoolOpened Open(IActorRef pool, TestProbe client, long range)
    {
        var spec = PoolSchedule.Spec() with { Name = "jobs", Bundle = new BundleId(1, 0) };
        pool.Tell(new PoolProtocol.OpenPool(_id, spec, _session, range), client);
        return client.ExpectMsg<PoolProtocol.PoolOpened>();
    }

    private static void Submit(IActorRef pool, TestProbe client, long job) => pool.Tell(
        new PoolProtocol.SubmitJobs([new JobSpec(new JobId(job), new FunctionRef("f", default), default, new JobPolicy(0, 3))]), client);
}
