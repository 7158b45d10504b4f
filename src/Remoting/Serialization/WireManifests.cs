using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;

namespace Actors.Remoting.Serialization;

/// <summary>The short names of the contracts on the wire. Extend only: a name keeps its type for ever.</summary>
internal static class WireManifests
{
    private static readonly (string Manifest, Type Type)[] All =
    [
        ("p.open", typeof(PoolProtocol.Open)),
        ("p.opened", typeof(PoolProtocol.Opened)),
        ("p.refused", typeof(PoolProtocol.Refused)),
        ("p.submit", typeof(PoolProtocol.Submit)),
        ("p.accepted", typeof(PoolProtocol.Accepted)),
        ("p.ended", typeof(PoolProtocol.Ended)),
        ("p.cancel", typeof(PoolProtocol.Cancel)),
        ("p.close", typeof(PoolProtocol.Close)),
        ("p.terminate", typeof(PoolProtocol.Terminate)),
        ("p.finished", typeof(PoolProtocol.Finished)),
        ("p.failed", typeof(PoolProtocol.Failed)),
        ("p.started", typeof(PoolProtocol.ExecutorStarted)),
        ("p.exited", typeof(PoolProtocol.ExecutorEnded)),
        ("p.output", typeof(PoolProtocol.Output)),
        ("p.taken", typeof(PoolProtocol.OutputTaken)),
        ("p.kill", typeof(PoolProtocol.Kill)),
        ("p.terminateexecutor", typeof(PoolProtocol.TerminateExecutor)),
        ("p.askprogress", typeof(PoolProtocol.AskProgress)),
        ("p.progress", typeof(PoolProtocol.Progress)),
        ("p.find", typeof(PoolProtocol.Find)),
        ("p.found", typeof(PoolProtocol.Found)),
        ("p.attach", typeof(PoolProtocol.Attach)),
        ("p.forget", typeof(PoolProtocol.Taken)),
        ("p.detach", typeof(PoolProtocol.Detach)),
        ("p.interrupted", typeof(PoolProtocol.Interrupted)),
        ("p.withdraw", typeof(PoolProtocol.Withdraw)),
        ("p.withdrawall", typeof(PoolProtocol.WithdrawAll)),
        ("p.notwithdrawn", typeof(PoolProtocol.NotWithdrawn)),
        ("p.inquire", typeof(PoolProtocol.Inquire)),
        ("p.inquired", typeof(PoolProtocol.Inquired)),
        ("p.acknowledge", typeof(PoolProtocol.Acknowledge)),
        ("p.compare", typeof(PoolProtocol.Compare)),
        ("p.compared", typeof(PoolProtocol.Compared)),
        ("j.pool", typeof(PoolRecord)),
        ("j.poolsnapshot", typeof(PoolSnapshot)),
        ("n.join", typeof(NodeProtocol.Join)),
        ("n.joined", typeof(NodeProtocol.Joined)),
        ("n.beat", typeof(NodeProtocol.Heartbeat)),
        ("n.list", typeof(NodeProtocol.List)),
        ("n.listed", typeof(NodeProtocol.Listed)),
        ("n.drainnode", typeof(NodeProtocol.DrainNode)),
        ("n.pleasedrain", typeof(NodeProtocol.PleaseDrain)),
        ("n.unknown", typeof(NodeProtocol.Unknown)),
        ("n.drain", typeof(NodeProtocol.Draining)),
        ("n.left", typeof(NodeProtocol.Left)),
        ("n.provide", typeof(NodeProtocol.Provide)),
        ("n.starting", typeof(NodeProtocol.ExecutorStarting)),
        ("n.ready", typeof(NodeProtocol.ExecutorReady)),
        ("n.run", typeof(NodeProtocol.Run)),
        ("n.done", typeof(NodeProtocol.Done)),
        ("n.recall", typeof(NodeProtocol.Recall)),
        ("n.back", typeof(NodeProtocol.HandedBack)),
        ("n.cancel", typeof(NodeProtocol.CancelRunning)),
        ("n.missed", typeof(NodeProtocol.Missed)),
        ("n.held", typeof(NodeProtocol.Held)),
        ("n.compare", typeof(NodeProtocol.Compare)),
        ("n.retire", typeof(NodeProtocol.Retire)),
        ("n.kill", typeof(NodeProtocol.KillExecutor)),
        ("n.terminateexecutor", typeof(NodeProtocol.TerminateExecutor)),
        ("n.askprogress", typeof(NodeProtocol.AskProgress)),
        ("n.progress", typeof(NodeProtocol.Progress)),
        ("n.retiring", typeof(NodeProtocol.Retiring)),
        ("n.exited", typeof(NodeProtocol.ExecutorExited)),
        ("n.output", typeof(NodeProtocol.Output)),
        ("n.taken", typeof(NodeProtocol.OutputTaken)),
        ("o.create", typeof(ObjectProtocol.Create)),
        ("o.created", typeof(ObjectProtocol.Created)),
        ("o.remove", typeof(ObjectProtocol.Remove)),
        ("o.publish", typeof(ObjectProtocol.Publish)),
        ("o.find", typeof(ObjectProtocol.Find)),
        ("o.named", typeof(ObjectProtocol.Named)),
        ("o.call", typeof(ObjectCall)),
        ("o.reply", typeof(ObjectReply)),
        ("o.received", typeof(ObjectReceived)),
        ("o.abandoned", typeof(ObjectCallAbandoned)),
        ("d.ask", typeof(DurableObjectProtocol.Ask)),
        ("d.received", typeof(DurableObjectProtocol.Received)),
        ("d.abandoned", typeof(DurableObjectProtocol.Abandoned)),
        ("d.here", typeof(DurableObjectProtocol.Here)),
        ("d.answer", typeof(DurableObjectProtocol.Answer)),
        ("d.heard", typeof(DurableObjectProtocol.Heard)),
        ("d.interrupted", typeof(DurableObjectProtocol.Interrupted)),
        ("j.object", typeof(ObjectRecord)),
        ("j.objectsnapshot", typeof(ObjectSnapshot)),
        ("b.offer", typeof(BundleProtocol.Offer)),
        ("b.needed", typeof(BundleProtocol.Needed)),
        ("b.chunk", typeof(BundleProtocol.Chunk)),
        ("b.taken", typeof(BundleProtocol.ChunkTaken)),
        ("b.coming", typeof(BundleProtocol.Coming)),
        ("b.stored", typeof(BundleProtocol.Stored)),
        ("b.refused", typeof(BundleProtocol.Refused)),
        ("b.fetch", typeof(BundleProtocol.Fetch)),
        ("b.manifest", typeof(BundleProtocol.Fetched)),
        ("b.fetchchunk", typeof(BundleProtocol.FetchChunk)),
        ("l.offer", typeof(PayloadProtocol.Offer)),
        ("l.chunk", typeof(PayloadProtocol.Chunk)),
        ("l.taken", typeof(PayloadProtocol.Taken)),
        ("l.complete", typeof(PayloadProtocol.Complete)),
        ("l.stored", typeof(PayloadProtocol.Stored)),
        ("l.refused", typeof(PayloadProtocol.Refused)),
        ("l.fetchchunk", typeof(PayloadProtocol.FetchChunk)),
        ("l.release", typeof(PayloadProtocol.Release)),
        ("c.hello", typeof(CoordinatorProtocol.Hello)),
        ("c.welcome", typeof(CoordinatorProtocol.Welcome)),
        ("c.challenge", typeof(CoordinatorProtocol.Challenge)),
        ("c.answer", typeof(CoordinatorProtocol.Answer)),
        ("c.refused", typeof(CoordinatorProtocol.Refused)),
    ];

    private static readonly Dictionary<Type, string> ByType = All.ToDictionary(entry => entry.Type, entry => entry.Manifest);
    private static readonly Dictionary<string, Type> ByManifest = All.ToDictionary(entry => entry.Manifest, entry => entry.Type);

    /// <summary>Every contract that travels.</summary>
    public static IReadOnlyCollection<Type> Types => ByType.Keys;

    public static string? Of(Type type) => ByType.GetValueOrDefault(type);

    public static Type? Find(string manifest) => ByManifest.GetValueOrDefault(manifest);
}
