using System.Security.Authentication;
using Actors.Client.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects.Durable;
using Actors.Runtime;
using Actors.Testing;
using Akka.TestKit;

namespace Actors.Client.Tests.Objects.Durable;

/// <summary>This process at durable objects, at a coordinator that the test plays.</summary>
public sealed class DurableObjectSessionTests : PatientTestKit
{
    private static readonly ObjectCall Call = new(ObjectId.FromDurableName("queue", 0), 0, ObjectOperation.Count, 0, 0, []);

    [Fact]
    public async Task Dispose_OneOfTwoManagers_KeepsChannelOfOther()
    {
        var runtime = new FakeRuntime(Sys, CreateTestProbe());
        var coordinator = new CoordinatorConnection((_, _, _) => Task.FromResult<IClientRuntime>(runtime));
        await using var first = new DurableObjectSession(coordinator);
        var way = runtime.Durable.First;
        var second = new DurableObjectSession(coordinator);

        await second.DisposeAsync();
        Assert.NotNull(way);
        Assert.Same(way, runtime.Durable.First);

        await first.DisposeAsync();
        Assert.Null(runtime.Durable.First);
    }

    [Fact]
    public async Task SendCall_CoordinatorLost_RepeatsCallAtNextCoordinator()
    {
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        var lost = new FakeRuntime(Sys, first);
        await using var session = CreateSession(lost, new FakeRuntime(Sys, second));
        var answer = session.SendCall(Call, TimeSpan.FromMinutes(1)).Answer;
        var sent = TakeCall(first);

        lost.MarkLost();
        Sys.Stop(first);

        var repeated = TakeCall(second);
        Assert.Equal((sent.Caller, sent.Call.Call), (repeated.Caller, repeated.Call.Call));
        Assert.False(answer.IsCompleted);
        Assert.True(lost.IsDisposed);
    }

    /// <summary>A coordinator with another key may be replaced while calls wait.</summary>
    [Fact]
    public async Task SendCall_NextCoordinatorRefusesOnce_TriesAgain()
    {
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        var lost = new FakeRuntime(Sys, first);
        await using var session = CreateSession(lost, null, new FakeRuntime(Sys, second));
        session.SendCall(Call, TimeSpan.FromMinutes(1));

        lost.MarkLost();
        Sys.Stop(first);

        TakeCall(second);
    }

    private static DurableObjectProtocol.CallDurableObject TakeCall(TestProbe coordinator) =>
        (DurableObjectProtocol.CallDurableObject)coordinator.FishForMessage(message => message is DurableObjectProtocol.CallDurableObject);

    /// <summary>A session whose coordinators follow each other; null refuses.</summary>
    private static DurableObjectSession CreateSession(params FakeRuntime?[] runtimes)
    {
        var next = new Queue<FakeRuntime?>(runtimes);
        return new DurableObjectSession(new CoordinatorConnection((_, _, _) => next.Dequeue() is { } runtime
            ? Task.FromResult<IClientRuntime>(runtime)
            : Task.FromException<IClientRuntime>(new AuthenticationException("other key"))));
    }
}
