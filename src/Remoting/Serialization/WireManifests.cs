using System.Buffers;
using System.Text;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Serialization;

/// <summary>
/// The contracts on the wire: the short name of each, and the role whose programs send it. Coordinators send and pass on all of them. Extend only: a name keeps
/// its type for ever.
/// </summary>
internal static class WireManifests
{
    private static readonly (string Manifest, Type Type, Senders Senders)[] All =
    [
        ("p.open", typeof(PoolProtocol.Open), Senders.Client),
        ("p.opened", typeof(PoolProtocol.Opened), Senders.Coordinator),
        ("p.refused", typeof(PoolProtocol.Refused), Senders.Coordinator),
        ("p.submit", typeof(PoolProtocol.Submit), Senders.Client),
        ("p.accepted", typeof(PoolProtocol.Accepted), Senders.Coordinator),
        ("p.ended", typeof(PoolProtocol.Ended), Senders.Coordinator),
        ("p.cancel", typeof(PoolProtocol.Cancel), Senders.Client),
        ("p.close", typeof(PoolProtocol.Close), Senders.Client),
        ("p.terminate", typeof(PoolProtocol.Terminate), Senders.Client),
        ("p.finished", typeof(PoolProtocol.Finished), Senders.Coordinator),
        ("p.failed", typeof(PoolProtocol.Failed), Senders.Coordinator),
        ("p.started", typeof(PoolProtocol.ExecutorStarted), Senders.Coordinator),
        ("p.exited", typeof(PoolProtocol.ExecutorEnded), Senders.Coordinator),
        ("p.output", typeof(PoolProtocol.Output), Senders.Coordinator),
        ("p.taken", typeof(PoolProtocol.OutputTaken), Senders.Client),
        ("p.kill", typeof(PoolProtocol.Kill), Senders.Client),
        ("p.terminateexecutor", typeof(PoolProtocol.TerminateExecutor), Senders.Client),
        ("p.askprogress", typeof(PoolProtocol.AskProgress), Senders.Client),
        ("p.progress", typeof(PoolProtocol.Progress), Senders.Coordinator),
        ("p.find", typeof(PoolProtocol.Find), Senders.Client),
        ("p.found", typeof(PoolProtocol.Found), Senders.Coordinator),
        ("p.attach", typeof(PoolProtocol.Attach), Senders.Client),
        ("p.forget", typeof(PoolProtocol.Taken), Senders.Client),
        ("p.detach", typeof(PoolProtocol.Detach), Senders.Client),
        ("p.interrupted", typeof(PoolProtocol.Interrupted), Senders.Coordinator),
        ("p.withdraw", typeof(PoolProtocol.Withdraw), Senders.Client),
        ("p.withdrawall", typeof(PoolProtocol.WithdrawAll), Senders.Client),
        ("p.notwithdrawn", typeof(PoolProtocol.NotWithdrawn), Senders.Coordinator),
        ("p.inquire", typeof(PoolProtocol.Inquire), Senders.Client),
        ("p.inquired", typeof(PoolProtocol.Inquired), Senders.Coordinator),
        ("p.acknowledge", typeof(PoolProtocol.Acknowledge), Senders.Client),
        ("p.compare", typeof(PoolProtocol.Compare), Senders.Client),
        ("p.compared", typeof(PoolProtocol.Compared), Senders.Coordinator),
        ("j.pool", typeof(PoolRecord), Senders.Coordinator),
        ("j.poolsnapshot", typeof(PoolSnapshot), Senders.Coordinator),
        ("n.join", typeof(NodeProtocol.Join), Senders.Node),
        ("n.joined", typeof(NodeProtocol.Joined), Senders.Coordinator),
        ("n.beat", typeof(NodeProtocol.Heartbeat), Senders.Node),
        ("n.list", typeof(NodeProtocol.List), Senders.Client),
        ("n.listed", typeof(NodeProtocol.Listed), Senders.Coordinator),
        ("n.drainnode", typeof(NodeProtocol.DrainNode), Senders.Client),
        ("n.pleasedrain", typeof(NodeProtocol.PleaseDrain), Senders.Coordinator),
        ("n.unknown", typeof(NodeProtocol.Unknown), Senders.Coordinator),
        ("n.drain", typeof(NodeProtocol.Draining), Senders.Node),
        ("n.left", typeof(NodeProtocol.Left), Senders.Node),
        ("n.provide", typeof(NodeProtocol.Provide), Senders.Coordinator),
        ("n.starting", typeof(NodeProtocol.ExecutorStarting), Senders.Node),
        ("n.ready", typeof(NodeProtocol.ExecutorReady), Senders.Node),
        ("n.run", typeof(NodeProtocol.Run), Senders.Coordinator),
        ("n.done", typeof(NodeProtocol.Done), Senders.Node),
        ("n.recall", typeof(NodeProtocol.Recall), Senders.Coordinator),
        ("n.back", typeof(NodeProtocol.HandedBack), Senders.Node),
        ("n.cancel", typeof(NodeProtocol.CancelRunning), Senders.Coordinator),
        ("n.missed", typeof(NodeProtocol.Missed), Senders.Node),
        ("n.held", typeof(NodeProtocol.Held), Senders.Node),
        ("n.compare", typeof(NodeProtocol.Compare), Senders.Coordinator),
        ("n.retire", typeof(NodeProtocol.Retire), Senders.Coordinator),
        ("n.kill", typeof(NodeProtocol.KillExecutor), Senders.Coordinator),
        ("n.terminateexecutor", typeof(NodeProtocol.TerminateExecutor), Senders.Coordinator),
        ("n.askprogress", typeof(NodeProtocol.AskProgress), Senders.Coordinator),
        ("n.progress", typeof(NodeProtocol.Progress), Senders.Node),
        ("n.retiring", typeof(NodeProtocol.Retiring), Senders.Node),
        ("n.exited", typeof(NodeProtocol.ExecutorExited), Senders.Node),
        ("n.output", typeof(NodeProtocol.Output), Senders.Node),
        ("n.taken", typeof(NodeProtocol.OutputTaken), Senders.Coordinator),
        ("o.create", typeof(ObjectProtocol.Create), Senders.Both),
        ("o.created", typeof(ObjectProtocol.Created), Senders.Coordinator),
        ("o.remove", typeof(ObjectProtocol.Remove), Senders.Both),
        ("o.publish", typeof(ObjectProtocol.Publish), Senders.Both),
        ("o.find", typeof(ObjectProtocol.Find), Senders.Both),
        ("o.named", typeof(ObjectProtocol.Named), Senders.Coordinator),
        ("o.call", typeof(ObjectCall), Senders.Both),
        ("o.reply", typeof(ObjectReply), Senders.Coordinator),
        ("o.received", typeof(ObjectReceived), Senders.Both),
        ("o.abandoned", typeof(ObjectCallAbandoned), Senders.Both),
        ("d.ask", typeof(DurableObjectProtocol.Ask), Senders.Both),
        ("d.received", typeof(DurableObjectProtocol.Received), Senders.Both),
        ("d.abandoned", typeof(DurableObjectProtocol.Abandoned), Senders.Both),
        ("d.here", typeof(DurableObjectProtocol.Here), Senders.Both),
        ("d.answer", typeof(DurableObjectProtocol.Answer), Senders.Coordinator),
        ("d.heard", typeof(DurableObjectProtocol.Heard), Senders.Coordinator),
        ("d.interrupted", typeof(DurableObjectProtocol.Interrupted), Senders.Coordinator),
        ("j.object", typeof(ObjectRecord), Senders.Coordinator),
        ("j.objectsnapshot", typeof(ObjectSnapshot), Senders.Coordinator),
        ("b.offer", typeof(BundleProtocol.Offer), Senders.Client),
        ("b.needed", typeof(BundleProtocol.Needed), Senders.Coordinator),
        ("b.chunk", typeof(BundleProtocol.Chunk), Senders.Client),
        ("b.taken", typeof(BundleProtocol.ChunkTaken), Senders.Coordinator),
        ("b.coming", typeof(BundleProtocol.Coming), Senders.Coordinator),
        ("b.stored", typeof(BundleProtocol.Stored), Senders.Coordinator),
        ("b.refused", typeof(BundleProtocol.Refused), Senders.Coordinator),
        ("b.fetch", typeof(BundleProtocol.Fetch), Senders.Node),
        ("b.manifest", typeof(BundleProtocol.Fetched), Senders.Coordinator),
        ("b.fetchchunk", typeof(BundleProtocol.FetchChunk), Senders.Node),
        ("l.offer", typeof(PayloadProtocol.Offer), Senders.Both),
        ("l.chunk", typeof(PayloadProtocol.Chunk), Senders.Both),
        ("l.taken", typeof(PayloadProtocol.Taken), Senders.Coordinator),
        ("l.complete", typeof(PayloadProtocol.Complete), Senders.Both),
        ("l.stored", typeof(PayloadProtocol.Stored), Senders.Coordinator),
        ("l.refused", typeof(PayloadProtocol.Refused), Senders.Coordinator),
        ("l.fetchchunk", typeof(PayloadProtocol.FetchChunk), Senders.Both),
        ("l.release", typeof(PayloadProtocol.Release), Senders.Both),
        ("c.hello", typeof(CoordinatorProtocol.Hello), Senders.Both),
        ("c.welcome", typeof(CoordinatorProtocol.Welcome), Senders.Coordinator),
    ];

    private static readonly Dictionary<Type, string> ByType = All.ToDictionary(entry => entry.Type, entry => entry.Manifest);
    private static readonly Dictionary<string, Type> ByManifest = All.ToDictionary(entry => entry.Manifest, entry => entry.Type);
    private static readonly Dictionary<string, Senders> SendersByManifest = All.ToDictionary(entry => entry.Manifest, entry => entry.Senders);
    private static readonly int LongestManifest = All.Max(entry => entry.Manifest.Length);

    /// <summary>Every contract that travels.</summary>
    public static IReadOnlyCollection<Type> Types => ByType.Keys;

    public static string? Of(Type type) => ByType.GetValueOrDefault(type);

    public static Type? Find(string manifest) => ByManifest.GetValueOrDefault(manifest);

    /// <summary>Whether programs of a role send the contract that a manifest names. No role sends an unknown one.</summary>
    public static bool MaySend(LinkRole role, ReadOnlySpan<byte> manifest)
    {
        Span<char> name = stackalloc char[LongestManifest];
        return manifest.Length <= name.Length
            && Ascii.ToUtf16(manifest, name, out var length) == OperationStatus.Done
            && SendersByManifest.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var senders)
            && role switch
            {
                LinkRole.Coordinator => true,
                LinkRole.Client => (senders & Senders.Client) != 0,
                LinkRole.Node => (senders & Senders.Node) != 0,
                _ => false,
            };
    }

    [Flags]
    private enum Senders
    {
        Coordinator = 0,
        Client = 1,
        Node = 2,
        Both = Client | Node,
    }
}
