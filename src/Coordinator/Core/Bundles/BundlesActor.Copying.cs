using Actors.Coordinator.Clients;
using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Bundles;
using Akka.Actor;

namespace Actors.Coordinator.Bundles;

/// <summary>Copies bundles from other coordinators when a node asks for them.</summary>
public sealed partial class BundlesActor
{
    /// <summary>How often waiting nodes are told that a bundle is being copied. Shorter than their timeout.</summary>
    private static readonly TimeSpan CopyProgressInterval = ProtocolTimes.CodeProgress;

    /// <summary>The most bundles that are copied at once. A node could ask for any number of unknown ones.</summary>
    private const int MaxCopying = 64;

    /// <summary>The bytes of a file in a manifest, approximately.</summary>
    private const int FileSize = 256;

    /// <summary>The most bundles that are copied at once for the nodes of one machine.</summary>
    private const int MaxCopyingOfMachine = 4;

    /// <summary>The most requests that wait until fewer bundles are copied.</summary>
    private const int MaxDelayed = 10_000;

    private readonly Dictionary<BundleId, (object Origin, HashSet<IActorRef> Nodes)> _copying = [];
    private readonly HashSet<(IActorRef Node, BundleId Bundle)> _delayed = [];

    private void SendBundle(BundleProtocol.FetchBundle fetch)
    {
        if (_store is null || _peers is null || fetch.IsLocalOnly || HasBundle(_store, fetch.Bundle))
            SendManifest(fetch.Bundle);
        else
            QueueForCopy(fetch.Bundle, _store, _peers);
    }

    /// <summary>Sends a manifest, which is made for each request. A program that does not receive them gets no further ones.</summary>
    private void SendManifest(BundleId bundle)
    {
        var answer = AnswerOrRefusal(bundle, () => CreateReply(bundle));
        var files = answer is BundleProtocol.FetchBundleReply reply ? reply.Manifest.Files.Length : 0;
        AnswerReceipts.TrySend(Context.System, Sender, answer, (long)FileSize * files, Self);
    }

    /// <summary>Whether the bundle is complete. Contents that it shared with a removed bundle may be gone.</summary>
    private static bool HasBundle(BundleStore store, BundleId bundle) =>
        store.FindManifest(bundle) is { } manifest && store.FindMissing(manifest).Count == 0;

    /// <summary>Starts one copy for all nodes that ask.</summary>
    private void QueueForCopy(BundleId bundle, BundleStore store, IActorRef peers)
    {
        if (!_copying.TryGetValue(bundle, out var copy))
        {
            var origin = GetOrigin(Client);
            if (_copying.Count >= MaxCopying || _copying.Values.Count(other => other.Origin.Equals(origin)) >= MaxCopyingOfMachine)
            {
                DelayRequest(bundle);
                return;
            }

            _copying[bundle] = copy = (origin, []);
            CopyBundleAsync(bundle, store, peers).PipeTo(Self);
            Timers.StartPeriodicTimer(new CopyProgressDue(bundle), new CopyProgressDue(bundle), CopyProgressInterval);
        }

        copy.Nodes.Add(Sender);
    }

    /// <summary>Lets a node ask again after a while. A refusal would end the start of its workers, and in the end their pool.</summary>
    private void DelayRequest(BundleId bundle)
    {
        if (_delayed.Count >= MaxDelayed)
        {
            Sender.Tell(new BundleProtocol.BundleRefused(bundle, "The coordinator copies too many bundles already. Ask again later."));
            return;
        }

        _delayed.Add((Sender, bundle));
        if (!Timers.IsTimerActive(nameof(DelayDue)))
            Timers.StartSingleTimer(nameof(DelayDue), DelayDue.Instance, CopyProgressInterval);
    }

    private void EndDelay()
    {
        foreach (var (node, bundle) in _delayed)
            node.Tell(new BundleProtocol.BundlePending(bundle), Self);
        _delayed.Clear();
    }

    private void ReportCopying(BundleId bundle)
    {
        if (!_copying.TryGetValue(bundle, out var copy))
            return;
        SendToAll(copy.Nodes, new BundleProtocol.BundlePending(bundle));
        copy.Nodes.Clear();
    }

    private void OnBundleCopied(BundleCopied copied)
    {
        var bundle = copied.Bundle;
        Timers.Cancel(new CopyProgressDue(bundle));
        if (_copying.Remove(bundle, out var copy))
            SendToAll(copy.Nodes, copied.Refusal ?? AnswerOrRefusal(bundle, () => CreateReply(bundle)));
    }

    private void SendToAll(IEnumerable<IActorRef> receivers, IWireMessage answer)
    {
        foreach (var one in receivers)
            one.Tell(answer, Self);
    }

    /// <summary>Copies a bundle from the first coordinator that has it. If none has it, the answer is a refusal.</summary>
    private static async Task<BundleCopied> CopyBundleAsync(BundleId bundle, BundleStore store, IActorRef peers)
    {
        try
        {
            var known = await peers.Ask<PeersProtocol.PeersReply>(PeersProtocol.GetPeers.Instance).ConfigureAwait(false);
            foreach (var peer in known.Known)
            {
                if (await TryCopyAsync(bundle, store, peer.Coordinator).ConfigureAwait(false))
                    break;
            }

            return new BundleCopied(bundle, null);
        }
        catch (Exception exception)
        {
            // Such as a full disk. The waiting nodes need an answer.
            return new BundleCopied(bundle, CreateRefusal(bundle, exception));
        }
    }

    private static async Task<bool> TryCopyAsync(BundleId bundle, BundleStore store, IActorRef coordinator)
    {
        try
        {
            await new BundleFetcher(store).CopyBundleAsync(bundle, coordinator, isFromStoreOnly: true).ConfigureAwait(false);
            return true;
        }
        catch (BundleException)
        {
            // Another coordinator may have it.
            return false;
        }
    }

    private sealed record BundleCopied(BundleId Bundle, BundleProtocol.BundleRefused? Refusal);

    private sealed record CopyProgressDue(BundleId Bundle);

    private sealed record DelayDue
    {
        public static readonly DelayDue Instance = new();
    }
}
