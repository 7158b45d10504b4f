using System.Buffers;
using System.Text;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Chaos;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Serialization;

/// <summary>
/// The contracts on the wire: the short name of each, and the roles that send it. Coordinators send and forward all of them. The list is
/// extend-only: a name keeps its type forever.
/// </summary>
internal static class WireManifests
{
    private static readonly (string Manifest, Type Type, PermittedSenders Senders)[] All =
    [
        ("p.open", typeof(PoolProtocol.OpenPool), PermittedSenders.Client),
        ("p.opened", typeof(PoolProtocol.PoolOpened), PermittedSenders.Coordinator),
        ("p.refused", typeof(PoolProtocol.PoolRefused), PermittedSenders.Coordinator),
        ("p.submit", typeof(PoolProtocol.SubmitJobs), PermittedSenders.Client),
        ("p.accepted", typeof(PoolProtocol.JobsAccepted), PermittedSenders.Coordinator),
        ("p.acceptedkeys", typeof(PoolProtocol.KeyedJobsAccepted), PermittedSenders.Coordinator),
        ("p.ended", typeof(PoolProtocol.JobsEnded), PermittedSenders.Coordinator),
        ("p.cancel", typeof(PoolProtocol.CancelJobs), PermittedSenders.Client),
        ("p.close", typeof(PoolProtocol.ClosePool), PermittedSenders.Client),
        ("p.terminate", typeof(PoolProtocol.TerminatePool), PermittedSenders.Client),
        ("p.finished", typeof(PoolProtocol.PoolFinished), PermittedSenders.Coordinator),
        ("p.failed", typeof(PoolProtocol.PoolFailed), PermittedSenders.Coordinator),
        ("p.started", typeof(PoolProtocol.WorkerStarted), PermittedSenders.Coordinator),
        ("p.exited", typeof(PoolProtocol.WorkerEnded), PermittedSenders.Coordinator),
        ("p.output", typeof(PoolProtocol.WorkerOutput), PermittedSenders.Coordinator),
        ("p.taken", typeof(PoolProtocol.WorkerOutputWritten), PermittedSenders.Client),
        ("p.kill", typeof(PoolProtocol.KillWorker), PermittedSenders.Client),
        ("p.terminateexecutor", typeof(PoolProtocol.TerminateWorker), PermittedSenders.Client),
        ("p.askprogress", typeof(PoolProtocol.RequestMapProgress), PermittedSenders.Client),
        ("p.progress", typeof(PoolProtocol.MapProgressReport), PermittedSenders.Coordinator),
        ("p.find", typeof(PoolProtocol.FindPool), PermittedSenders.Client),
        ("p.found", typeof(PoolProtocol.PoolFound), PermittedSenders.Coordinator),
        ("p.attach", typeof(PoolProtocol.AttachToJobs), PermittedSenders.Client),
        ("p.forget", typeof(PoolProtocol.ForgetOutcomes), PermittedSenders.Client),
        ("p.detach", typeof(PoolProtocol.DetachFromPool), PermittedSenders.Client),
        ("p.closename", typeof(PoolProtocol.CloseDurablePool), PermittedSenders.Client),
        ("p.closedname", typeof(PoolProtocol.DurablePoolClosed), PermittedSenders.Coordinator),
        ("p.listjobs", typeof(PoolProtocol.ListJobs), PermittedSenders.Client),
        ("p.joblist", typeof(PoolProtocol.JobsListed), PermittedSenders.Coordinator),
        ("p.changejobs", typeof(PoolProtocol.ChangeJobs), PermittedSenders.Client),
        ("p.changedjobs", typeof(PoolProtocol.JobsChanged), PermittedSenders.Coordinator),
        ("p.interrupted", typeof(PoolProtocol.PoolInterrupted), PermittedSenders.Coordinator),
        ("p.withdraw", typeof(PoolProtocol.WithdrawJobs), PermittedSenders.Client),
        ("p.withdrawall", typeof(PoolProtocol.WithdrawAllJobs), PermittedSenders.Client),
        ("p.notwithdrawn", typeof(PoolProtocol.JobsNotWithdrawn), PermittedSenders.Coordinator),
        ("p.inquire", typeof(PoolProtocol.QueryJob), PermittedSenders.Client),
        ("p.inquired", typeof(PoolProtocol.QueryJobReply), PermittedSenders.Coordinator),
        ("p.acknowledge", typeof(PoolProtocol.AcknowledgeJobsEnded), PermittedSenders.Client),
        ("p.compare", typeof(PoolProtocol.ComparePool), PermittedSenders.Client),
        ("p.compared", typeof(PoolProtocol.ComparePoolReply), PermittedSenders.Coordinator),
        ("p.list", typeof(PoolProtocol.ListPools), PermittedSenders.Client),
        ("p.listed", typeof(PoolProtocol.ListPoolsReply), PermittedSenders.Coordinator),
        ("j.pool", typeof(PoolRecord), PermittedSenders.Coordinator),
        ("j.poolsnapshot", typeof(PoolSnapshot), PermittedSenders.Coordinator),
        ("n.join", typeof(NodeProtocol.Join), PermittedSenders.Node),
        ("n.joined", typeof(NodeProtocol.JoinAccepted), PermittedSenders.Coordinator),
        ("n.beat", typeof(NodeProtocol.Heartbeat), PermittedSenders.Node),
        ("n.list", typeof(NodeProtocol.ListNodes), PermittedSenders.Client),
        ("n.listed", typeof(NodeProtocol.ListNodesReply), PermittedSenders.Coordinator),
        ("n.drainnode", typeof(NodeProtocol.DrainNode), PermittedSenders.Client),
        ("n.pleasedrain", typeof(NodeProtocol.StartDraining), PermittedSenders.Coordinator),
        ("n.unknown", typeof(NodeProtocol.NodeUnknown), PermittedSenders.Coordinator),
        ("n.drain", typeof(NodeProtocol.NodeDraining), PermittedSenders.Node),
        ("n.left", typeof(NodeProtocol.NodeLeft), PermittedSenders.Node),
        ("n.provide", typeof(NodeProtocol.ProvideExecutors), PermittedSenders.Coordinator),
        ("n.starting", typeof(NodeProtocol.ExecutorStarting), PermittedSenders.Node),
        ("n.ready", typeof(NodeProtocol.ExecutorReady), PermittedSenders.Node),
        ("n.run", typeof(NodeProtocol.RunJobs), PermittedSenders.Coordinator),
        ("n.done", typeof(NodeProtocol.JobsDone), PermittedSenders.Node),
        ("n.recall", typeof(NodeProtocol.RevokeJobs), PermittedSenders.Coordinator),
        ("n.back", typeof(NodeProtocol.JobsReturned), PermittedSenders.Node),
        ("n.cancel", typeof(NodeProtocol.CancelRunningJob), PermittedSenders.Coordinator),
        ("n.missed", typeof(NodeProtocol.JobsMissed), PermittedSenders.Node),
        ("n.held", typeof(NodeProtocol.JobsHeld), PermittedSenders.Node),
        ("n.compare", typeof(NodeProtocol.CompareExecutor), PermittedSenders.Coordinator),
        ("n.retire", typeof(NodeProtocol.RetireExecutor), PermittedSenders.Coordinator),
        ("n.kill", typeof(NodeProtocol.KillExecutor), PermittedSenders.Coordinator),
        ("n.terminateexecutor", typeof(NodeProtocol.TerminateExecutor), PermittedSenders.Coordinator),
        ("n.askprogress", typeof(NodeProtocol.RequestJobProgress), PermittedSenders.Coordinator),
        ("n.progress", typeof(NodeProtocol.JobProgressReport), PermittedSenders.Node),
        ("n.retiring", typeof(NodeProtocol.ExecutorRetiring), PermittedSenders.Node),
        ("n.exited", typeof(NodeProtocol.ExecutorExited), PermittedSenders.Node),
        ("n.output", typeof(NodeProtocol.ExecutorOutput), PermittedSenders.Node),
        ("n.taken", typeof(NodeProtocol.ExecutorOutputReceived), PermittedSenders.Coordinator),
        ("o.create", typeof(ObjectProtocol.CreateManagedObject), PermittedSenders.Both),
        ("o.created", typeof(ObjectProtocol.ObjectCreated), PermittedSenders.Coordinator),
        ("o.create-refused", typeof(ObjectProtocol.ObjectRefused), PermittedSenders.Coordinator),
        ("o.remove", typeof(ObjectProtocol.RemoveManagedObject), PermittedSenders.Both),
        ("o.publish", typeof(ObjectProtocol.PublishObject), PermittedSenders.Both),
        ("o.find", typeof(ObjectProtocol.FindNamedObject), PermittedSenders.Both),
        ("o.named", typeof(ObjectProtocol.NamedObjectReply), PermittedSenders.Coordinator),
        ("o.list", typeof(ObjectProtocol.ListObjects), PermittedSenders.Client),
        ("o.listed", typeof(ObjectProtocol.ListObjectsReply), PermittedSenders.Coordinator),
        ("o.call", typeof(ObjectCall), PermittedSenders.Both),
        ("o.reply", typeof(ObjectReply), PermittedSenders.Coordinator),
        ("o.received", typeof(ObjectReplyReceived), PermittedSenders.Both),
        ("o.abandoned", typeof(ObjectCallAbandoned), PermittedSenders.Both),
        ("d.ask", typeof(DurableObjectProtocol.CallDurableObject), PermittedSenders.Both),
        ("d.received", typeof(DurableObjectProtocol.DurableReplyReceived), PermittedSenders.Both),
        ("d.abandoned", typeof(DurableObjectProtocol.DurableCallAbandoned), PermittedSenders.Both),
        ("d.here", typeof(DurableObjectProtocol.CallerHeartbeat), PermittedSenders.Both),
        ("d.answer", typeof(DurableObjectProtocol.DurableObjectReply), PermittedSenders.Coordinator),
        ("d.heard", typeof(DurableObjectProtocol.CallerHeartbeatReply), PermittedSenders.Coordinator),
        ("d.interrupted", typeof(DurableObjectProtocol.DurableObjectInterrupted), PermittedSenders.Coordinator),
        ("j.object", typeof(ObjectRecord), PermittedSenders.Coordinator),
        ("j.objectsnapshot", typeof(ObjectSnapshot), PermittedSenders.Coordinator),
        ("b.offer", typeof(BundleProtocol.OfferBundle), PermittedSenders.Client),
        ("b.needed", typeof(BundleProtocol.BundleContentsNeeded), PermittedSenders.Coordinator),
        ("b.chunk", typeof(BundleProtocol.BundleChunk), PermittedSenders.Client),
        ("b.taken", typeof(BundleProtocol.BundleChunkReceived), PermittedSenders.Coordinator),
        ("b.coming", typeof(BundleProtocol.BundlePending), PermittedSenders.Coordinator),
        ("b.stored", typeof(BundleProtocol.BundleStored), PermittedSenders.Coordinator),
        ("b.refused", typeof(BundleProtocol.BundleRefused), PermittedSenders.Coordinator),
        ("b.fetch", typeof(BundleProtocol.FetchBundle), PermittedSenders.Node),
        ("b.manifest", typeof(BundleProtocol.FetchBundleReply), PermittedSenders.Coordinator),
        ("b.fetchchunk", typeof(BundleProtocol.FetchBundleChunk), PermittedSenders.Node),
        ("l.offer", typeof(PayloadProtocol.OfferPayload), PermittedSenders.Both),
        ("l.fetch", typeof(PayloadProtocol.FetchPayload), PermittedSenders.Both),
        ("l.ready", typeof(PayloadProtocol.PayloadReady), PermittedSenders.Coordinator),
        ("l.complete", typeof(PayloadProtocol.CompletePayload), PermittedSenders.Both),
        ("l.stored", typeof(PayloadProtocol.PayloadStored), PermittedSenders.Coordinator),
        ("l.refused", typeof(PayloadProtocol.PayloadRefused), PermittedSenders.Coordinator),
        ("l.release", typeof(PayloadProtocol.ReleasePayload), PermittedSenders.Both),
        ("l.dropshared", typeof(PayloadProtocol.DropShared), PermittedSenders.Client),
        ("x.list", typeof(ChaosProtocol.ListTargets), PermittedSenders.Operator),
        ("x.listed", typeof(ChaosProtocol.ListTargetsReply), PermittedSenders.Coordinator),
        ("x.inject", typeof(ChaosProtocol.InjectFault), PermittedSenders.Operator),
        ("x.injected", typeof(ChaosProtocol.FaultInjected), PermittedSenders.Node),
        ("x.refused", typeof(ChaosProtocol.FaultRefused), PermittedSenders.Node),
        ("c.hello", typeof(CoordinatorProtocol.Handshake), PermittedSenders.All),
        ("c.welcome", typeof(CoordinatorProtocol.HandshakeReply), PermittedSenders.Coordinator),
    ];

    private static readonly Dictionary<Type, string> ByType = All.ToDictionary(entry => entry.Type, entry => entry.Manifest);
    private static readonly Dictionary<string, Type> ByManifest = All.ToDictionary(entry => entry.Manifest, entry => entry.Type);
    private static readonly Dictionary<string, PermittedSenders> SendersByManifest = All.ToDictionary(
        entry => entry.Manifest, entry => entry.Senders);
    private static readonly int LongestManifest = All.Max(entry => entry.Manifest.Length);

    /// <summary>All contracts.</summary>
    public static IReadOnlyCollection<Type> Types => ByType.Keys;

    public static string? FindManifest(Type type) => ByType.GetValueOrDefault(type);

    public static Type? FindType(string manifest) => ByManifest.GetValueOrDefault(manifest);

    /// <summary>Whether programs of a role may send the contract that a manifest names. No role may send an unknown one.</summary>
    public static bool MaySend(LinkRole role, ReadOnlySpan<byte> manifest)
    {
        Span<char> name = stackalloc char[LongestManifest];
        return manifest.Length <= name.Length
            && Ascii.ToUtf16(manifest, name, out var length) == OperationStatus.Done
            && SendersByManifest.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var senders)
            && role switch
            {
                LinkRole.Coordinator => true,
                LinkRole.Client => (senders & PermittedSenders.Client) != 0,
                LinkRole.Node => (senders & PermittedSenders.Node) != 0,
                LinkRole.Operator => (senders & PermittedSenders.Operator) != 0,
                _ => false,
            };
    }

    [Flags]
    private enum PermittedSenders
    {
        Coordinator = 0,
        Client = 1,
        Node = 2,
        Both = Client | Node,
        Operator = 4,
        All = Both | Operator,
    }
}
