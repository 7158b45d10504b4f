using Actors.Client.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;
using Actors.Runtime;
using Actors.Testing;
using Akka.TestKit;

namespace Actors.Client.Tests.Objects;

/// <summary>A manager whose coordinators, played by the test, are lost.</summary>
public sealed class ManagerConnectionTests : PatientTestKit
{
    private readonly Queue<FakeRuntime> _runtimes = [];
    private readonly FakeRuntime _lost;
    private readonly TestProbe _first;
    private readonly TestProbe _second;

    public ManagerConnectionTests()
    {
        (_first, _second) = (CreateTestProbe(), CreateTestProbe());
        _lost = new FakeRuntime(Sys, _first);
        _runtimes.Enqueue(_lost);
        _runtimes.Enqueue(new FakeRuntime(Sys, _second));
    }

    [Fact]
    public async Task CreateObject_AfterLoss_UsesNextCoordinator()
    {
        await using var connection = await StartAsync();
        await MadeAtAsync(_first, connection);
        _lost.MarkLost();

        await MadeAtAsync(_second, connection);
        await MadeAtAsync(_second, connection);

        Assert.True(_lost.IsDisposed);
        Assert.Empty(_runtimes);
    }

    [Fact]
    public async Task Loss_NoPendingRequest_ReconnectsAtOnce()
    {
        await using var connection = await StartAsync();
        _lost.MarkLost();

        await AwaitConditionAsync(() => Task.FromResult(connection.Runtime.Link.Equals(_second.Ref)));
    }

    [Fact]
    public async Task CreateObject_DuringLoss_FailsAtOnce()
    {
        await using var connection = await StartAsync();
        var making = MakeAsync(connection);
        _first.ExpectMsg<ObjectProtocol.CreateManagedObject>();

        _lost.MarkLost();

        await Assert.ThrowsAsync<CoordinatorLostException>(() => making);
    }

    [Fact]
    public async Task SendRequest_AfterLoss_IsAnsweredByNextCoordinator()
    {
        await using var connection = await StartAsync();
        _lost.MarkLost();

        var asking = connection.SendRequestAsync<ObjectProtocol.NamedObjectReply>(
            new ObjectProtocol.FindNamedObject("name"), TimeSpan.FromMinutes(1), CancellationToken.None);

        _second.ExpectMsg<ObjectProtocol.FindNamedObject>();
        _second.Reply(new ObjectProtocol.NamedObjectReply("name", "queue", default));
        Assert.Equal(("queue", connection.Runtime.Objects), ((await asking).Answer.Type, (await asking).Objects));
    }

    [Fact]
    public async Task Dispose_SharedRuntime_ReleasesManager()
    {
        var runtime = _runtimes.Peek();

        var connection = await StartAndDisposeAsync();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(connection.IsAlive);
        GC.KeepAlive(runtime);
    }

    // In a method that has returned before the collection: a debug build keeps the locals of running methods alive.
    private Task<WeakReference> StartAndDisposeAsync() => Task.Run(async () =>
    {
        var connection = await StartAsync();
        await connection.DisposeAsync();
        return new WeakReference(connection);
    });

    private static async Task MadeAtAsync(TestProbe coordinator, ManagerConnection connection)
    {
        var making = MakeAsync(connection);
        var create = coordinator.ExpectMsg<ObjectProtocol.CreateManagedObject>();
        coordinator.Reply(new ObjectProtocol.ObjectCreated(create.Object));
        Assert.Equal(create.Object, (await making).Id);
    }

    private static Task<(ObjectId Id, IObjectChannel Objects)> MakeAsync(ManagerConnection connection) =>
        connection.CreateObjectAsync(ObjectKind.Queue, 0, [], CancellationToken.None);

    private Task<ManagerConnection> StartAsync() => ManagerConnection.StartAsync(
        new CoordinatorConnection((_, _, _) => Task.FromResult<IClientRuntime>(_runtimes.Dequeue())), Timeout.InfiniteTimeSpan,
        CancellationToken.None);
}
