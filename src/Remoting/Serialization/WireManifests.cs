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
    private static readonly (string Manifest, Type Type, PermittedSenders Senders)[] All =
    [
        ("p.open", typeof(PoolProtocol.Open), PermittedSenders.Client),
        ("p.opened", typeof(PoolProtocol.Opened), PermittedSenders.Coordinator),
        ("p.refused", typeof(PoolProtocol.Refused), PermittedSenders.Coordinator),
        ("p.submit", typeof(PoolProtocol.Submit), PermittedSenders.Client),
        ("p.accepted", typeof(PoolProtocol.Accepted), PermittedSenders.Coordinator),
        ("p.ended", typeof(PoolProtocol.Ended), PermittedSenders.Coordinator),
        ("p.cancel", typeof(PoolProtocol.Cancel), PermittedSenders.Client),
        ("p.close", typeof(PoolProtocol.Close), PermittedSenders.Client),
        ("p.terminate", typeof(PoolProtocol.Terminate), PermittedSenders.Client),
        ("p.finished", typeof(PoolProtocol.Finished), PermittedSenders.Coordinator),
        ("p.failed", typeof(PoolProtocol.Failed), PermittedSenders.Coordinator),
        ("p.started", typeof(PoolProtocol.ExecutorStarted), PermittedSenders.Coordinator),
        ("p.exited", typeof(PoolProtocol.ExecutorEnded), PermittedSenders.Coordinator),
        ("p.output", typeof(PoolProtocol.Output), PermittedSenders.Coordinator),
        ("p.taken", typeof(PoolProtocol.OutputTaken), PermittedSenders.Client),
        ("p.kill", typeof(PoolProtocol.Kill), PermittedSenders.Client),
        ("p.terminateexecutor", typeof(PoolProtocol.TerminateExecutor), PermittedSenders.Client),
        ("p.askprogress", typeof(PoolProtocol.AskProgress), PermittedSenders.Client),
        ("p.progress", typeof(PoolProtocol.Progress), PermittedSenders.Coordinator),
        ("p.find", typeof(PoolProtocol.Find), PermittedSenders.Client),
        ("p.found", typeof(PoolProtocol.Found), PermittedSenders.Coordinator),
        ("p.attach", typeof(PoolProtocol.Attach), PermittedSenders.Client),
        ("p.forget", typeof(PoolProtocol.Taken), PermittedSenders.Client),
        ("p.detach", typeof(PoolProtocol.Detach), PermittedSenders.Client),
        ("p.interrupted", typeof(PoolProtocol.Interrupted), PermittedSenders.Coordinator),
        ("p.withdraw", typeof(PoolProtocol.Withdraw), PermittedSenders.Client),
        ("p.withdrawall", typeof(PoolProtocol.WithdrawAll), PermittedSenders.Client),
        ("p.notwithdrawn", typeof(PoolProtocol.NotWithdrawn), PermittedSenders.Coordinator),
        ("p.inquire", typeof(PoolProtocol.Inquire), PermittedSenders.Client),
        ("p.inquired", typeof(PoolProtocol.Inquired), PermittedSenders.Coordinator),
        ("p.acknowledge", typeof(PoolProtocol.Acknowledge), PermittedSenders.Client),
        ("p.compare", typeof(PoolProtocol.Compare), PermittedSenders.Client),
        ("p.compared", typeof(PoolProtocol.Compared), PermittedSenders.Coordinator),
        ("j.pool", typeof(PoolRecord), PermittedSenders.Coordinator),
        ("j.poolsnapshot", typeof(PoolSnapshot), PermittedSenders.Coordinator),
        ("n.join", typeof(NodeProtocol.Join), PermittedSenders.Node),
        ("n.joined", typeof(NodeProtocol.Joined), PermittedSenders.Coordinator),
        ("n.beat", typeof(NodeProtocol.Heartbeat), PermittedSenders.Node),
        ("n.list", typeof(NodeProtocol.List), PermittedSenders.Client),
        ("n.listed", typeof(NodeProtocol.Listed), PermittedSenders.Coordinator),
        ("n.drainnode", typeof(NodeProtocol.DrainNode), PermittedSenders.Client),
        ("n.pleasedrain", typeof(NodeProtocol.PleaseDrain), PermittedSenders.Coordinator),
        ("n.unknown", typeof(NodeProtocol.Unknown), PermittedSenders.Coordinator),
        ("n.drain", typeof(NodeProtocol.Draining), PermittedSenders.Node),
        ("n.left", typeof(NodeProtocol.Left), PermittedSenders.Node),
        ("n.provide", typeof(NodeProtocol.Provide), PermittedSenders.Coordinator),
        ("n.starting", typeof(NodeProtocol.ExecutorStarting), PermittedSenders.Node),
        ("n.ready", typeof(NodeProtocol.ExecutorReady), PermittedSenders.Node),
        ("n.run", typeof(NodeProtocol.Run), PermittedSenders.Coordinator),
        ("n.done", typeof(NodeProtocol.Done), PermittedSenders.Node),
        ("n.recall", typeof(NodeProtocol.Recall), PermittedSenders.Coordinator),
        ("n.back", typeof(NodeProtocol.HandedBack), PermittedSenders.Node),
        ("n.cancel", typeof(NodeProtocol.CancelRunning), PermittedSenders.Coordinator),
        ("n.missed", typeof(NodeProtocol.Missed), PermittedSenders.Node),
        ("n.held", typeof(NodeProtocol.Held), PermittedSenders.Node),
        ("n.compare", typeof(NodeProtocol.Compare), PermittedSenders.Coordinator),
        ("n.retire", typeof(NodeProtocol.Retire), PermittedSenders.Coordinator),
        ("n.kill", typeof(NodeProtocol.KillExecutor), PermittedSenders.Coordinator),
        ("n.terminateexecutor", typeof(NodeProtocol.TerminateExecutor), PermittedSenders.Coordinator),
        ("n.askprogress", typeof(NodeProtocol.AskProgress), PermittedSenders.Coordinator),
        ("n.progress", typeof(NodeProtocol.Progress), PermittedSenders.Node),
        ("n.retiring", typeof(NodeProtocol.Retiring), PermittedSenders.Node),
        ("n.exited", typeof(NodeProtocol.ExecutorExited), PermittedSenders.Node),
        ("n.output", typeof(NodeProtocol.Output), PermittedSenders.Node),
        ("n.taken", typeof(NodeProtocol.OutputTaken), PermittedSenders.Coordinator),
        ("o.create", typeof(ObjectProtocol.Create), PermittedSenders.Both),
        ("o.created", typeof(ObjectProtocol.Created), PermittedSenders.Coordinator),
        ("o.remove", typeof(ObjectProtocol.Remove), PermittedSenders.Both),
        ("o.publish", typeof(ObjectProtocol.Publish), PermittedSenders.Both),
        ("o.find", typeof(ObjectProtocol.Find), PermittedSenders.Both),
        ("o.named", typeof(ObjectProtocol.Named), PermittedSenders.Coordinator),
        ("o.call", typeof(ObjectCall), PermittedSenders.Both),
        ("o.reply", typeof(ObjectReply), PermittedSenders.Coordinator),
        ("o.received", typeof(ObjectReceived), PermittedSenders.Both),
        ("o.abandoned", typeof(ObjectCallAbandoned), PermittedSenders.Both),
        ("d.ask", typeof(DurableObjectProtocol.Ask), PermittedSenders.Both),
        ("d.received", typeof(DurableObjectProtocol.Received), PermittedSenders.Both),
        ("d.abandoned", typeof(DurableObjectProtocol.Abandoned), PermittedSenders.Both),
        ("d.here", typeof(DurableObjectProtocol.Here), PermittedSenders.Both),
        ("d.answer", typeof(DurableObjectProtocol.Answer), PermittedSenders.Coordinator),
        ("d.heard", typeof(DurableObjectProtocol.Heard), PermittedSenders.Coordinator),
        ("d.interrupted", typeof(DurableObjectProtocol.Interrupted), PermittedSenders.Coordinator),
        ("j.object", typeof(ObjectRecord), PermittedSenders.Coordinator),
        ("j.objectsnapshot", typeof(ObjectSnapshot), PermittedSenders.Coordinator),
        ("b.offer", typeof(BundleProtocol.Offer), PermittedSenders.Client),
        ("b.needed", typeof(BundleProtocol.Needed), PermittedSenders.Coordinator),
        ("b.chunk", typeof(BundleProtocol.Chunk), PermittedSenders.Client),
        ("b.taken", typeof(BundleProtocol.ChunkTaken), PermittedSenders.Coordinator),
        ("b.coming", typeof(BundleProtocol.Coming), PermittedSenders.Coordinator),
        ("b.stored", typeof(BundleProtocol.Stored), PermittedSenders.Coordinator),
        ("b.refused", typeof(BundleProtocol.Refused), PermittedSenders.Coordinator),
        ("b.fetch", typeof(BundleProtocol.Fetch), PermittedSenders.Node),
        ("b.manifest", typeof(BundleProtocol.Fetched), PermittedSenders.Coordinator),
        ("b.fetchchunk", typeof(BundleProtocol.FetchChunk), PermittedSenders.Node),
        ("l.offer", typeof(PayloadProtocol.Offer), PermittedSenders.Both),
        ("l.chunk", typeof(PayloadProtocol.Chunk), PermittedSenders.Both),
        ("l.taken", typeof(PayloadProtocol.Taken), PermittedSenders.Coordinator),
        ("l.complete", typeof(PayloadProtocol.Complete), PermittedSenders.Both),
        ("l.stored", typeof(PayloadProtocol.Stored), PermittedSenders.Coordinator),
        ("l.refused", typeof(PayloadProtocol.Refused), PermittedSenders.Coordinator),
        ("l.fetchchunk", typeof(PayloadProtocol.FetchChunk), PermittedSenders.Both),
        ("l.release", typeof(PayloadProtocol.Release), PermittedSenders.Both),
        ("c.hello", typeof(CoordinatorProtocol.Hello), PermittedSenders.Both),
        ("c.welcome", typeof(CoordinatorProtocol.Welcome), PermittedSenders.Coordinator),
    ];

    private static readonly Dictionary<Type, string> ByType = All.ToDictionary(entry => entry.Type, entry => entry.Manifest);
    private static readonly Dictionary<string, Type> ByManifest = All.ToDictionary(entry => entry.Manifest, entry => entry.Type);
    private static readonly Dictionary<string, PermittedSenders> SendersByManifest = All.ToDictionary(entry => entry.Manifest, entry => entry.Senders);
    private static readonly int LongestManifest = All.Max(entry => entry.Manifest.Length);

    /// <summary>Every contract that travels.</summary>
    public static IReadOnlyCollection<Type> Types => ByType.Keys;

    public static string? FindManifest(Type type) => ByType.GetValueOrDefault(type);

    public static Type? FindType(string manifest) => ByManifest.GetValueOrDefault(manifest);

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
                LinkRole.Client => (senders & PermittedSenders.Client) != 0,
                LinkRole.Node => (senders & PermittedSenders.Node) != 0,
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
    }
}
