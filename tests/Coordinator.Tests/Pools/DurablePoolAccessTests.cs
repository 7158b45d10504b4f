using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>The clients that may open a durable pool, and the messages that it refuses from others.</summary>
public sealed class DurablePoolAccessTests : DurablePoolTestKit
{
    private readonly PoolId _id = PoolId.FromName("pool");
    private readonly TestProbe _client;
    private readonly TestProbe _stranger;
    private readonly IActorRef _pool;

    public DurablePoolAccessTests()
    {
        (_client, _stranger) = (CreateTestProbe(), CreateTestProbe());
        _pool = StartPool(_id);
    }

    [Fact]
    public void Messages_OfAnotherProgram_AreRefused()
    {
        Open(_client);
        _client.ExpectMsg<PoolProtocol.PoolOpened>();

        _pool.Tell(new PoolProtocol.ClosePool(), _stranger);
        _pool.Tell(new PoolProtocol.TerminatePool(), _stranger);
        _pool.Tell(new PoolProtocol.DetachFromPool(Unload: false), _stranger);
        _pool.Tell(new PoolProtocol.DetachFromPool(Unload: true), _stranger);
        Open(_client);

        Assert.False(_client.ExpectMsg<PoolProtocol.PoolOpened>().IsClosed);
    }

    public static TheoryData<string> Operations() => [.. Messages().Select(message => message.GetType().Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Operation_OfAStranger_IsRefused(string operation)
    {
        var refusals = CreateTestProbe();
        Sys.EventStream.Subscribe(refusals, typeof(MessageRefused));
        Open(_client);
        _client.ExpectMsg<PoolProtocol.PoolOpened>();
        _pool.Tell(new PoolProtocol.SubmitJobs([Job(1)], Number: 1), _client);
        _client.ExpectMsg<PoolProtocol.JobsAccepted>();

        _pool.Tell(Messages().Single(message => message.GetType().Name == operation), _stranger);

        Assert.Equal(operation, refusals.ExpectMsg<MessageRefused>().Message.GetType().Name);
        // The job is neither ended nor forgotten.
        _pool.Tell(new PoolProtocol.AttachToJobs([new JobId(1)]), _client);
        _pool.Tell(new PoolProtocol.QueryJob(new JobId(1)), _client);
        Assert.Equal(new PoolProtocol.QueryJobReply(new JobId(1), false), _client.ExpectMsg<PoolProtocol.QueryJobReply>());
        _stranger.ExpectNoMsg(TimeSpan.Zero);
    }

    private static IEnumerable<object> Messages() =>
    [
        new PoolProtocol.SubmitJobs([Job(2)], Number: 2), new PoolProtocol.CancelJobs([new JobId(1)]),
            new PoolProtocol.WithdrawJobs([new JobId(1)]),
        new PoolProtocol.WithdrawAllJobs(), new PoolProtocol.QueryJob(new JobId(1)), new PoolProtocol.ClosePool(),
            new PoolProtocol.TerminatePool(),
        new PoolProtocol.KillWorker(default), new PoolProtocol.TerminateWorker(default),
            new PoolProtocol.WorkerOutputWritten(default, false),
        new PoolProtocol.RequestMapProgress(), new PoolProtocol.AcknowledgeJobsEnded(1), new PoolProtocol.ComparePool(1, [new JobId(1)]),
        new PoolProtocol.AttachToJobs([new JobId(1)]), new PoolProtocol.ForgetOutcomes([new JobId(1)]),
    ];

    private static JobSpec Job(long id) => new(new JobId(id), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, 3));

    private void Open(TestProbe client) =>
        _pool.Tell(new PoolProtocol.OpenPool(_id, PoolSchedule.Spec() with { Name = "pool" }), client);
}
