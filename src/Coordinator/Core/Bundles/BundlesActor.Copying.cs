using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Bundles;
using Akka.Actor;

namespace Actors.Coordinator.Bundles;

/// <summary>Bundles that another coordinator has are copied when a node asks for them.</summary>
internal sealed partial class BundlesActor
{
    /// <summary>How often nodes that wait are told that a bundle is being copied: less than they wait for an answer.</summary>
    private static readonly TimeSpan StillComingInterval = TimeSpan.FromSeconds(3);

    private readonly Dictionary<BundleId, List<IActorRef>> _copying = [];

    private void Fetch(BundleProtocol.FetchBundle fetch)
    {
        if (_store is null || _peers is null || fetch.IsLocalOnly || _store.FindManifest(fetch.Bundle) is not null)
            Answer(fetch.Bundle, () => new BundleProtocol.FetchBundleReply(Find(fetch.Bundle)));
        else
            Copy(fetch.Bundle, _store, _peers);
    }

    /// <summary>Once, however many nodes ask meanwhile.</summary>
    private void Copy(BundleId bundle, BundleStore store, IActorRef peers)
    {
        if (!_copying.TryGetValue(bundle, out var waiting))
        {
            _copying[bundle] = waiting = [];
            CopyAsync(bundle, store, peers).PipeTo(Self);
            Timers.StartPeriodicTimer(new StillComing(bundle), new StillComing(bundle), StillComingInterval);
        }

        waiting.Add(Sender);
    }

    private void SayComing(BundleId bundle)
    {
        if (!_copying.TryGetValue(bundle, out var waiting))
            return;
        Tell(waiting, new BundleProtocol.BundlePending(bundle));
        waiting.Clear();
    }

    private void EndCopy(Copied copied)
    {
        var bundle = copied.Bundle;
        Timers.Cancel(new StillComing(bundle));
        if (_copying.Remove(bundle, out var waiting))
            Tell(waiting, copied.Refusal ?? AnswerOrRefusal(bundle, () => new BundleProtocol.FetchBundleReply(Find(bundle))));
    }

    private void Tell(List<IActorRef> all, IWireMessage answer)
    {
        foreach (var one in all)
            one.Tell(answer, Self);
    }

    /// <summary>From the first of the other coordinators that has it; when none has, the answer says so.</summary>
    private static async Task<Copied> CopyAsync(BundleId bundle, BundleStore store, IActorRef peers)
    {
        try
        {
            var known = await peers.Ask<PeersProtocol.Peers>(PeersProtocol.Ask.Instance).ConfigureAwait(false);
            foreach (var peer in known.Known)
            {
                if (await TryCopyAsync(bundle, store, peer.Coordinator).ConfigureAwait(false))
                    break;
            }

            return new Copied(bundle, null);
        }
        catch (Exception exception)
        {
            // Such as a full disk. Without an answer the nodes that ask would wait forever.
            return new Copied(bundle, new BundleProtocol.BundleRefused(bundle, exception.Message));
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
            // The next may have it.
            return false;
        }
    }

    private sealed record Copied(BundleId Bundle, BundleProtocol.BundleRefused? Refusal);

    private sealed record StillComing(BundleId Bundle);
}
