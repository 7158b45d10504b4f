using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Bundles;
using Akka.Actor;

namespace Actors.Coordinator.Bundles;

/// <summary>
/// Takes code bundles from clients and gives them to nodes. One file is read or written a message, and never more than a chunk of it. Only what was offered
/// is taken, and who falls silent in the middle makes room for others.
/// </summary>
internal sealed class BundlesActor : ReceiveActor, IWithTimers
{
    private const int MostUploads = 64;

    /// <summary>How long a client may be silent between two parts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How often who waits for what is on its way here hears that it is: less than they wait for an answer.</summary>
    private static readonly TimeSpan StillComingInterval = TimeSpan.FromSeconds(3);

    private readonly BundleStore? _store;
    private readonly IActorRef? _peers;
    private readonly OfferState _offers = new();
    private readonly Dictionary<(string Client, BundleId Content), FileStream> _uploads = [];
    private readonly Dictionary<BundleId, List<IActorRef>> _copying = [];

    /// <param name="store">Where they are kept; null when there are none: the only code is this process's own.</param>
    /// <param name="peers">Knows the other coordinators, which may have what is not here; null when there are none.</param>
    public BundlesActor(BundleStore? store, IActorRef? peers)
    {
        (_store, _peers) = (store, peers);
        Receive<BundleProtocol.Offer>(offer => Offered(offer.Manifest));
        Receive<BundleProtocol.Chunk>(chunk => Answer(chunk.Content, () => Take(chunk)));
        Receive<BundleProtocol.Fetch>(Fetch);
        Receive<Copied>(EndCopy);
        Receive<StillComing>(coming => SayComing(coming.Bundle));
        Receive<BundleProtocol.FetchChunk>(fetch => Answer(fetch.Content, () => Read(fetch)));
        Receive<OfferSilent>(silent => _offers.End(silent.Client, silent.Bundle));
        Receive<UploadSilent>(silent => Drop(silent.Client, silent.Content));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The process that sends the current message.</summary>
    private string Client => Sender.Path.Address.ToString();

    private BundleStore Store => _store ?? throw new BundleException("This coordinator keeps no bundles.");

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var (client, content) in _uploads.Keys.ToList())
            Drop(client, content);
    }

    /// <summary>Whatever is wrong with a bundle is told to who sent it.</summary>
    private void Answer(BundleId subject, Func<IWireMessage> answer) => Sender.Tell(AnswerOrRefusal(subject, answer));

    private static IWireMessage AnswerOrRefusal(BundleId subject, Func<IWireMessage> answer)
    {
        try
        {
            return answer();
        }
        catch (Exception exception) when (exception is BundleException or IOException or UnauthorizedAccessException)
        {
            return new BundleProtocol.Refused(subject, exception.Message);
        }
    }

    /// <summary>A manifest that is refused has no id: what a hash would be made of may be missing.</summary>
    private void Offered(BundleManifest? manifest)
    {
        if (manifest is null || manifest.Refusal() is not null)
            Sender.Tell(new BundleProtocol.Refused(default, manifest?.Refusal() ?? "An offer names a manifest."));
        else
            Answer(manifest.ComputeId(), () => Accept(manifest, manifest.ComputeId()));
    }

    private IWireMessage Accept(BundleManifest manifest, BundleId id)
    {
        var missing = Store.Missing(manifest);
        if (missing.Count > 0)
        {
            if (!_offers.Begin(Client, id, manifest.Files.Where(file => missing.Contains(file.Content))))
                throw new BundleException("Too many bundles are offered at once; try again.");
            Await(new OfferSilent(Client, id));
            return new BundleProtocol.Needed(id, [.. missing]);
        }

        _offers.End(Client, id);
        Store.KeepManifest(id, manifest);
        return new BundleProtocol.Stored(id);
    }

    private BundleProtocol.ChunkTaken Take(BundleProtocol.Chunk chunk)
    {
        var taken = new BundleProtocol.ChunkTaken(chunk.Content, chunk.Offset + chunk.Bytes.Length);
        if (Store.Has(chunk.Content))
        {
            // Another client has sent all of it meanwhile.
            Drop(Client, chunk.Content);
            return taken;
        }

        var length = _offers.LengthOf(Client, chunk.Content) ?? throw new BundleException($"Content {chunk.Content} is of no bundle that this program has offered.");
        if (!_uploads.TryGetValue((Client, chunk.Content), out var file))
            file = Begin(chunk);
        Hear(chunk.Content);
        // The client may have sent this part already, or have stopped in the middle.
        if (chunk.Offset < file.Position)
            return taken;
        if (chunk.Offset > file.Position || chunk.Bytes.Length > BundleProtocol.ChunkLength)
            throw new BundleException($"A part of content {chunk.Content} came out of order.");
        if (chunk.Offset + chunk.Bytes.Length > length)
            throw new BundleException($"Content {chunk.Content} is longer than was offered.");
        file.Write(chunk.Bytes.Span);
        if (chunk.IsLast)
            End(chunk.Content);
        return taken;
    }

    private FileStream Begin(BundleProtocol.Chunk chunk)
    {
        if (chunk.Offset != 0)
            throw new BundleException($"Content {chunk.Content} must be sent from its beginning.");
        if (_uploads.Count >= MostUploads)
            throw new BundleException("Too many uploads at once; try again.");
        return _uploads[(Client, chunk.Content)] = Store.CreateTemporary();
    }

    private void End(BundleId key)
    {
        _uploads.Remove((Client, key), out var file);
        Timers.Cancel(new UploadSilent(Client, key));
        file!.Dispose();
        Store.Keep(file.Name, key);
    }

    private void Drop(string client, BundleId key)
    {
        if (!_uploads.Remove((client, key), out var file))
            return;
        Timers.Cancel(new UploadSilent(client, key));
        file.Dispose();
        File.Delete(file.Name);
    }

    private void Hear(BundleId content)
    {
        Await(new UploadSilent(Client, content));
        foreach (var bundle in _offers.Of(Client, content))
            Await(new OfferSilent(Client, bundle));
    }

    /// <summary>This happens unless something is heard before.</summary>
    private void Await(object silence) => Timers.StartSingleTimer(silence, silence, Patience);

    private void Fetch(BundleProtocol.Fetch fetch)
    {
        if (_store is null || _peers is null || fetch.OnlyHere || _store.FindManifest(fetch.Bundle) is not null)
            Answer(fetch.Bundle, () => new BundleProtocol.Fetched(Find(fetch.Bundle)));
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
        Tell(waiting, new BundleProtocol.Coming(bundle));
        waiting.Clear();
    }

    private void EndCopy(Copied copied)
    {
        var bundle = copied.Bundle;
        Timers.Cancel(new StillComing(bundle));
        if (_copying.Remove(bundle, out var waiting))
            Tell(waiting, copied.Refusal ?? AnswerOrRefusal(bundle, () => new BundleProtocol.Fetched(Find(bundle))));
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
            return new Copied(bundle, new BundleProtocol.Refused(bundle, exception.Message));
        }
    }

    private static async Task<bool> TryCopyAsync(BundleId bundle, BundleStore store, IActorRef coordinator)
    {
        try
        {
            await new BundleFetcher(store).CopyAsync(bundle, coordinator, onlyThere: true).ConfigureAwait(false);
            return true;
        }
        catch (BundleException)
        {
            // The next may have it.
            return false;
        }
    }

    private BundleManifest Find(BundleId bundle) =>
        Store.FindManifest(bundle) ?? throw new BundleException($"Bundle {bundle} is not here: its client must offer it first.");

    private BundleProtocol.Chunk Read(BundleProtocol.FetchChunk fetch)
    {
        using var file = Store.OpenContent(fetch.Content);
        if (fetch.Offset < 0 || fetch.Offset > file.Length)
            throw new BundleException($"Content {fetch.Content} has {file.Length} bytes; nothing is at {fetch.Offset}.");
        file.Position = fetch.Offset;
        var bytes = new byte[Math.Min(BundleProtocol.ChunkLength, file.Length - fetch.Offset)];
        file.ReadExactly(bytes);
        return new BundleProtocol.Chunk(fetch.Content, fetch.Offset, bytes, file.Position == file.Length);
    }

    private sealed record Copied(BundleId Bundle, BundleProtocol.Refused? Refusal);

    private sealed record StillComing(BundleId Bundle);

    private sealed record OfferSilent(string Client, BundleId Bundle);

    private sealed record UploadSilent(string Client, BundleId Content);
}
