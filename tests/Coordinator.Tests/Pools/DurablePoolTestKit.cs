using Actors.Coordinator.Journals;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>Tests of <see cref="DurablePoolActor"/> with a journal in memory. The test plays the programs and the nodes.</summary>
public abstract class DurablePoolTestKit : PatientTestKit
{
    private protected static readonly JournalPlugins Plugins =
        new("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");

    private protected DurablePoolTestKit(Config? config = null)
        : base(config)
    {
        Nodes = CreateTestProbe();
        Nodes.IgnoreMessages(message => message is NodesProtocol.ReleasePool);
    }

    /// <summary>The actor that grants executors.</summary>
    private protected TestProbe Nodes { get; }

    private protected static BundleId Bundle(int build) => new((UInt128)build, 0);

    private protected static PoolSpec Spec(int build, int processes = 1) =>
        PoolSchedule.Spec() with { Name = "jobs", Bundle = Bundle(build), Processes = processes };

    private protected IActorRef StartPool(PoolId id, bool runsEveryBuild = true, IActorRef? nodes = null)
    {
        nodes ??= Nodes.Ref;
        return Sys.ActorOf(Props.Create(() => new DurablePoolActor(id, nodes, Plugins, TimeProvider.System, "farewell", runsEveryBuild)));
    }

    /// <summary>Stops a pool with its builds. Their requests for executors are dropped.</summary>
    private protected void StopPool(IActorRef pool)
    {
        Watch(pool);
        Sys.Stop(pool);
        ExpectTerminated(pool);
        while (Nodes.HasMessages)
            Nodes.ReceiveOne(TimeSpan.Zero);
    }

    /// <summary>Writes the first record of a pool that is not loaded.</summary>
    private protected void WriteRecord(PoolId id, PoolRecord record)
    {
        var owner = CreateTestProbe();
        var journal = Sys.ActorOf(Props.Create(() => new JournalActor(DurablePoolActor.JournalPrefix + id, owner.Ref, Plugins)));
        owner.ExpectMsg<JournalProtocol.ReadCompleted>();
        journal.Tell(new JournalProtocol.WriteRecord(record));
        owner.ExpectMsg<JournalProtocol.RecordWritten>();
    }

    /// <summary>Starts an executor for the next build that requests some.</summary>
    private protected PlayedExecutor StartExecutor()
    {
        var request = (NodesProtocol.RequestExecutors)Nodes.FishForMessage(message => message is NodesProtocol.RequestExecutors);
        var executor = new PlayedExecutor(Nodes.LastSender, request.Spec, CreateTestProbe());
        Nodes.LastSender.Tell(new NodeProtocol.ExecutorReady(executor.Id, executor.Node, "node", 1), executor.Probe);
        return executor;
    }

    /// <summary>An executor without a process.</summary>
    private protected sealed class PlayedExecutor
    {
        private readonly IActorRef _build;
        private readonly HashSet<JobId> _known = [];
        private readonly Queue<JobSpec> _waiting = [];

        public PlayedExecutor(IActorRef build, PoolSpec spec, TestProbe probe)
        {
            (_build, Spec, Probe) = (build, spec, probe);
            probe.IgnoreMessages(message => message is not NodeProtocol.RunJobs and not NodeProtocol.RevokeJobs);
        }

        public ExecutorId Id { get; } = ExecutorId.New();

        public NodeId Node { get; } = NodeId.New();

        public PoolSpec Spec { get; }

        public TestProbe Probe { get; }

        /// <summary>Takes the next job.</summary>
        public JobSpec NextJob()
        {
            while (_waiting.Count == 0)
                ReceiveJobs();
            return _waiting.Dequeue();
        }

        /// <summary>Ends a job with a result, once it is here.</summary>
        public void End(JobId job, byte[]? result = null)
        {
            while (!_known.Contains(job))
                ReceiveJobs();
            _build.Tell(new NodeProtocol.JobsDone(Id, [new JobOutcome(job, JobStatus.Succeeded, result, null, 1)], 10), Probe);
        }

        /// <summary>Answers a revocation with all jobs but those that were taken.</summary>
        public void ReturnJobs()
        {
            Probe.FishForMessage(message =>
            {
                if (message is NodeProtocol.RunJobs run)
                    AddJobs(run);
                return message is NodeProtocol.RevokeJobs;
            });
            _build.Tell(new NodeProtocol.JobsReturned(Id, [.. _waiting.Select(job => job.Id)]), Probe);
            _waiting.Clear();
        }

        public void Retire() => Exit(ExecutorExitReason.Retired, default);

        /// <summary>Crashes while the job runs.</summary>
        public void Crash(JobId job) => Exit(ExecutorExitReason.Crashed, job);

        private void Exit(ExecutorExitReason reason, JobId running) => _build.Tell(
            new NodeProtocol.ExecutorExited(Id, Node, "node", 1, new ExecutorExit(reason, 0, ""), running, default, null), Probe);

        private void ReceiveJobs() => AddJobs((NodeProtocol.RunJobs)Probe.FishForMessage(message => message is NodeProtocol.RunJobs));

        private void AddJobs(NodeProtocol.RunJobs run)
        {
            foreach (var job in run.Jobs)
            {
                _known.Add(job.Id);
                _waiting.Enqueue(job);
            }
        }
    }
}
