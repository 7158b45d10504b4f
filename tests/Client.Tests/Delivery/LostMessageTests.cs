using System.Collections.Concurrent;
using Actors.Client.Tests.Pools;
using Actors.Coordinator;
using Actors.Messages.Jobs;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Pools;
using Actors.Remoting.Bundles;
using Actors.Testing;
using Actors.WorkerNode;
using Actors.WorkerNode.Executors;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Client.Tests.Delivery;

/// <summary>
/// A client, a coordinator and a node with real processes; one message between them is lost, each in its turn. Every job ends once
/// nevertheless, and the pool ends.
/// </summary>
public sealed class LostMessageTests() : PatientTestKit(Quiet)
{
    private const int AtOnce = 4;

    private static readonly Config Quiet = ConfigurationFactory.ParseString("akka { loglevel = ERROR, log-dead-letters = off }");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The type of the lost message, and its number among those of the type.</summary>
    public static readonly (Type Type, int Nth)[] Losses =
    [
        (typeof(PoolProtocol.OpenPool), 1), (typeof(PoolProtocol.PoolOpened), 1), (typeof(PoolProtocol.SubmitJobs), 1),
        (typeof(PoolProtocol.SubmitJobs), 2), (typeof(PoolProtocol.SubmitJobs), 3), (typeof(PoolProtocol.JobsAccepted), 1),
        (typeof(PoolProtocol.JobsEnded), 1), (typeof(PoolProtocol.JobsEnded), 2), (typeof(PoolProtocol.JobsEnded), 4),
        (typeof(PoolProtocol.CancelJobs), 1), (typeof(PoolProtocol.ClosePool), 1), (typeof(PoolProtocol.PoolFinished), 1),
        (typeof(PoolProtocol.ComparePool), 1), (typeof(PoolProtocol.ComparePoolReply), 1), (typeof(NodeProtocol.ExecutorStarting), 1),
        (typeof(NodeProtocol.ExecutorReady), 1), (typeof(NodeProtocol.ExecutorReady), 2), (typeof(NodeProtocol.RunJobs), 1),
        (typeof(NodeProtocol.RunJobs), 2), (typeof(NodeProtocol.RunJobs), 4), (typeof(NodeProtocol.JobsDone), 1),
        (typeof(NodeProtocol.JobsDone), 2), (typeof(NodeProtocol.JobsDone), 4), (typeof(NodeProtocol.RevokeJobs), 1),
        (typeof(NodeProtocol.JobsReturned), 1), (typeof(NodeProtocol.CancelRunningJob), 1), (typeof(NodeProtocol.ExecutorRetiring), 1),
        (typeof(NodeProtocol.ExecutorExited), 1), (typeof(NodeProtocol.CompareExecutor), 1), (typeof(NodeProtocol.JobsHeld), 1),
        (typeof(PoolProtocol.AcknowledgeJobsEnded), 1), (typeof(PoolProtocol.WorkerStarted), 1), (typeof(PoolProtocol.WorkerEnded), 1),
    ];

    /// <summary>The messages that are sent only while nothing happens.</summary>
    private static readonly Type[] Comparing =
    [
        typeof(PoolProtocol.ComparePool), typeof(PoolProtocol.ComparePoolReply), typeof(NodeProtocol.CompareExecutor),
        typeof(NodeProtocol.JobsHeld),
    ];

    /// <summary>The other messages of these hops, and why their loss is not tested here.</summary>
    private static readonly (string Reason, Type[] Types)[] Others =
    [
        ("Only a durable pool, a reconnect, a cancellation or a smaller grant sends them; Simulation.Tests drops them at random.",
        [
            typeof(PoolProtocol.AttachToJobs), typeof(PoolProtocol.ForgetOutcomes), typeof(PoolProtocol.DetachFromPool),
            typeof(PoolProtocol.KeyedJobsAccepted), typeof(PoolProtocol.FindPool), typeof(PoolProtocol.PoolFound),
            typeof(PoolProtocol.PoolInterrupted), typeof(PoolProtocol.PoolRefused), typeof(PoolProtocol.PoolFailed),
            typeof(PoolProtocol.TerminatePool), typeof(PoolProtocol.WithdrawJobs), typeof(PoolProtocol.WithdrawAllJobs),
            typeof(PoolProtocol.JobsNotWithdrawn), typeof(NodeProtocol.JobsMissed), typeof(NodeProtocol.KillExecutor),
            typeof(NodeProtocol.RetireExecutor),
        ]),
        ("LostGrantTests, SilentNodeTests and JoiningActorTests lose them.",
        [
            typeof(NodeProtocol.Join), typeof(NodeProtocol.JoinAccepted), typeof(NodeProtocol.Heartbeat),
            typeof(NodeProtocol.NodeUnknown), typeof(NodeProtocol.NodeDraining), typeof(NodeProtocol.NodeLeft),
            typeof(NodeProtocol.ProvideExecutors),
        ]),
        ("Requests of a person: they are repeated by hand.",
        [
            typeof(PoolProtocol.ListPools), typeof(PoolProtocol.ListPoolsReply), typeof(PoolProtocol.ListJobs),
            typeof(PoolProtocol.JobsListed), typeof(PoolProtocol.ChangeJobs), typeof(PoolProtocol.JobsChanged),
            typeof(PoolProtocol.CloseDurablePool), typeof(PoolProtocol.DurablePoolClosed), typeof(PoolProtocol.QueryJob),
            typeof(PoolProtocol.QueryJobReply), typeof(PoolProtocol.KillWorker), typeof(PoolProtocol.TerminateWorker),
            typeof(NodeProtocol.TerminateExecutor), typeof(NodeProtocol.ListNodes), typeof(NodeProtocol.ListNodesReply),
            typeof(NodeProtocol.DrainNode), typeof(NodeProtocol.StartDraining),
        ]),
        ("Output and progress: a part may be lost, and no job waits for it.",
        [
            typeof(PoolProtocol.WorkerOutput), typeof(PoolProtocol.WorkerOutputWritten), typeof(PoolProtocol.RequestMapProgress),
            typeof(PoolProtocol.MapProgressReport), typeof(NodeProtocol.RequestJobProgress), typeof(NodeProtocol.JobProgressReport),
            typeof(NodeProtocol.ExecutorOutput), typeof(NodeProtocol.ExecutorOutputReceived),
        ]),
    ];

    /// <summary>A new message must be added to the losses, or to the others with a reason.</summary>
    [Fact]
    public void Losses_MessagesOfPoolsAndNodes_AreListed()
    {
        var messages = typeof(PoolProtocol).GetNestedTypes().Concat(typeof(NodeProtocol).GetNestedTypes())
            .Where(type => type is { IsInterface: false } && type.IsAssignableTo(typeof(IWireMessage))).Select(type => type.Name);

        Assert.Equal(
            messages.Order(StringComparer.Ordinal),
            Losses.Select(loss => loss.Type).Distinct().Concat(Others.SelectMany(other => other.Types)).Select(type => type.Name)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AnyMessage_LostOnce_EndsEveryJobOnceAndThePool()
    {
        var failures = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Losses, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (loss, _) =>
        {
            try
            {
                if (!await RunAsync(loss.Type, loss.Nth).WaitAsync(Patience, CancellationToken.None))
                    failures.Enqueue($"{loss.Type.Name} {loss.Nth}: was never sent");
            }
            catch (Exception exception)
            {
                failures.Enqueue($"{loss.Type.Name} {loss.Nth}: {exception.GetType().Name} {exception.Message}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join('\n', failures));
    }

    /// <summary>A job alone, then many, a long one among them, and one that is canceled while it runs.</summary>
    private async Task<bool> RunAsync(Type type, int nth)
    {
        var count = 0;
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var link = new LossyLink(Sys, message => type.IsInstanceOfType(message) && ++count == nth && lost.TrySetResult());
        var coordinator = Sys.ActorOf(Props.Create(() => new CoordinatorSupervisor(null, null, null, null, null)));
        using var endpoint = LocalEndpoint.Open();
        var node = Sys.ActorOf(Props.Create(() => new WorkerNodeActor("node", new OwnCode(), null, endpoint)));
        var id = NodeId.New();
        node.Tell(new WorkerNodeActor.SessionStarted(id, ["home"], coordinator));
        coordinator.Tell(new NodeProtocol.Join(id, "node", 2), link.StandInOf(node));
        var runs = Path.GetTempFileName();
        try
        {
            var options = new PoolOptions();
            var session = await PoolSession.OpenAsync(
                new FakeRuntime(Sys, link.StandInOf(coordinator)), ProcessPool.CreateSpec(2, BundleId.ThisProcess, options), options,
                null,
                CancellationToken.None);
            var alone = Submit(session, 1, TimeSpan.Zero);
            Assert.Equal(1, await alone.Task);
            var once = SubmitOnce(session, runs);
            var many = Enumerable.Range(10, 50).Select(i => Submit(session, i, TimeSpan.Zero)).ToList();
            var blocking = Submit(session, 3, TimeSpan.FromSeconds(1.5));
            var behind = Enumerable.Range(100, 20).Select(i => Submit(session, i, TimeSpan.Zero)).ToList();
            var endless = Submit(session, 4, TimeSpan.FromMinutes(10));
            Assert.Equal(Enumerable.Range(10, 50), await Task.WhenAll(many.Select(job => job.Task)));
            if (Comparing.Contains(type))
                await lost.Task;
            session.CancelJob(endless.Id);
            Assert.Equal(Enumerable.Range(100, 20), await Task.WhenAll(behind.Select(job => job.Task)));
            Assert.Equal(3, await blocking.Task);
            await AssertOnceAsync(once, runs);
            await Assert.ThrowsAsync<JobCanceledException>(() => endless.Task);
            session.Close(cancelPending: false);
            var summary = await session.Finished;
            Assert.Equal(0, summary.Dropped);
            return await IsLostAsync(lost.Task);
        }
        finally
        {
            File.Delete(runs);
            await node.GracefulStop(TimeSpan.FromSeconds(30));
            Sys.Stop(coordinator);
        }
    }

    /// <summary>The end of the pool's actor may be known before the link handles the last message of the pool.</summary>
    private static async Task<bool> IsLostAsync(Task lost)
    {
        try
        {
            await lost.WaitAsync(TimeSpan.FromSeconds(10));
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>It ends with its result, or with the reason why it was not run again.</summary>
    private static async Task AssertOnceAsync(JobHandle<int> once, string runs)
    {
        try
        {
            Assert.Equal(2, await once.Task);
        }
        catch (WorkerLostException)
        {
            // Its outcome was lost with its process.
        }

        Assert.Equal("run", await File.ReadAllTextAsync(runs));
    }

    private static JobHandle<int> SubmitOnce(PoolSession session, string runs)
    {
        var job = new JobHandle<int>(new JobControl(session, null));
        session.SubmitJob(job.Pending, CallEncoder.PrepareCall(Note, runs), JobPolicy.Once, CancellationToken.None);
        return job;
    }

    private static int Note(string runs)
    {
        File.AppendAllText(runs, "run");
        return 2;
    }

    private static JobHandle<int> Submit(PoolSession session, int value, TimeSpan time)
    {
        var job = new JobHandle<int>(new JobControl(session, null));
        var call = CallEncoder.PrepareCall(Wait, (value, time), CancellationToken.None);
        session.SubmitJob(job.Pending, call, new JobPolicy(0, 3), CancellationToken.None);
        return job;
    }

    private static int Wait((int Value, TimeSpan Time) what, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(what.Time);
        cancellationToken.ThrowIfCancellationRequested();
        return what.Value;
    }
}
