using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Bundles;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Bundles;

/// <summary>
/// Receives code bundles from clients and sends them to nodes. Each message reads or writes one chunk of one file. Only offered contents are
/// accepted. An upload ends with the first refusal, with its client, or when nothing of it arrives for a while; its file is removed.
/// </summary>
internal sealed partial class BundlesActor : ReceiveActor, IWithTimers
{
    private const int MostUploads = 64;
    private const int MostUploadsOfClient = 8;

    /// <summary>How long a client may be silent between two parts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BundleStore? _store;
    private readonly IActorRef? _peers;
    private readonly OfferState _offers;
    private readonly Dictionary<(string Client, BundleId Content), ContentDraft> _uploads = [];

    /// <param name="store">Where they are kept; null when there are none: the only code is this process's own.</param>
    /// <param name="peers">Knows the other coordinators, which may have what is not here; null when there are none.</param>
    public BundlesActor(BundleStore? store, IActorRef? peers)
    {
        (_store, _peers) = (store, peers);
        _offers = new OfferState(store?.Space ?? 0);
        Receive<BundleProtocol.OfferBundle>(offer => Offered(offer.Manifest));
        Receive<BundleProtocol.BundleChunk>(chunk => Answer(chunk.Content, () => TakeOrDrop(chunk)));
        Receive<BundleProtocol.FetchBundle>(Fetch);
        Receive<Copied>(EndCopy);
        Receive<StillComing>(coming => SayComing(coming.Bundle));
        Receive<BundleProtocol.FetchBundleChunk>(fetch => Answer(fetch.Content, () => Read(fetch)));
        Receive<OfferSilent>(silent => _offers.End(silent.Client, silent.Bundle));
        Receive<UploadSilent>(silent => Drop(silent.Client, silent.Content));
        Receive<DisassociatedEvent>(broken => Forget(broken.RemoteAddress.ToString()));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The process that sends the current message.</summary>
    private string Client => Sender.Path.Address.ToString();

    private BundleStore Store => _store ?? throw new BundleException("This coordinator keeps no bundles.");

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
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
            return new BundleProtocol.BundleRefused(subject, exception.Message);
        }
    }

    /// <summary>A manifest that is refused has no id: what a hash would be made of may be missing.</summary>
    private void Offered(BundleManifest? manifest)
    {
        if (manifest is null || manifest.FindProblem() is not null)
            Sender.Tell(new BundleProtocol.BundleRefused(default, manifest?.FindProblem() ?? "An offer names a manifest."));
        else
            Answer(manifest.ComputeId(), () => Accept(manifest, manifest.ComputeId()));
    }

    private IWireMessage Accept(BundleManifest manifest, BundleId id)
    {
        var missing = Store.FindMissing(manifest);
        if (missing.Count > 0)
        {
            var files = manifest.Files.Where(file => missing.Contains(file.Content));
            if (_offers.Begin(Client, id, files, Store.MeasureUsed()) is { } refusal)
                throw new BundleException(refusal);
            Await(new OfferSilent(Client, id));
            return new BundleProtocol.BundleContentsNeeded(id, [.. missing]);
        }

        _offers.End(Client, id);
        if (Store.FindManifest(id) is null)
            KeepManifest(id, manifest);
        return new BundleProtocol.BundleStored(id);
    }

    private void KeepManifest(BundleId id, BundleManifest manifest)
    {
        var length = manifest.Files.Sum(file => (long)file.Path.Length);
        if (_offers.Add(Client, length, Store.MeasureUsed()) is { } refusal)
            throw new BundleException(refusal);
        Store.SaveManifest(id, manifest);
    }

    /// <summary>The sender gives up when a part is refused: nothing of the content stays.</summary>
    private BundleProtocol.BundleChunkReceived TakeOrDrop(BundleProtocol.BundleChunk chunk)
    {
        try
        {
            return Take(chunk);
        }
        catch
        {
            Drop(Client, chunk.Content);
            throw;
        }
    }

    private BundleProtocol.BundleChunkReceived Take(BundleProtocol.BundleChunk chunk)
    {
        var taken = new BundleProtocol.BundleChunkReceived(chunk.Content, chunk.Offset + chunk.Bytes.Length);
        var length = _offers.LengthOf(Client, chunk.Content);
        if (Store.HasContent(chunk.Content, length))
        {
            // Another upload of the same has ended meanwhile.
            Drop(Client, chunk.Content);
            return taken;
        }

        if (length is null)
            throw new BundleException($"Content {chunk.Content} is of no bundle that this program has offered.");
        if (chunk.Bytes.Length > BundleProtocol.ChunkLength || chunk.Offset < 0 || chunk.Offset > length - chunk.Bytes.Length)
            throw new BundleException($"Content {chunk.Content} is longer than was offered, or a part of it is too long.");
        if (!_uploads.TryGetValue((Client, chunk.Content), out var draft))
            draft = Begin(chunk);
        // The client may have sent this part already, or have stopped in the middle.
        if (chunk.Offset < draft.Length)
            return taken;
        if (chunk.Offset > draft.Length || (chunk.Bytes.IsEmpty && !chunk.IsLast))
            throw new BundleException($"A part of content {chunk.Content} came out of order, or is empty.");
        draft.AppendBytes(chunk.Bytes.Span);
        AwaitMore(chunk.Content);
        if (chunk.IsLast)
            End(chunk.Content, draft);
        return taken;
    }

    private ContentDraft Begin(BundleProtocol.BundleChunk chunk)
    {
        if (chunk.Offset != 0)
            throw new BundleException($"Content {chunk.Content} must be sent from its beginning.");
        if (_uploads.Count >= MostUploads || _uploads.Keys.Count(upload => upload.Client == Client) >= MostUploadsOfClient)
            throw new BundleException("Too many programs send their code at once. Try again in a minute.");
        return _uploads[(Client, chunk.Content)] = Store.CreateDraft();
    }

    private void End(BundleId content, ContentDraft draft)
    {
        if (_offers.Add(Client, draft.Length, stored: 0) is { } refusal)
            throw new BundleException(refusal);
        draft.SaveAs(content);
        Drop(Client, content);
    }

    private void Drop(string client, BundleId content)
    {
        Timers.Cancel(new UploadSilent(client, content));
        if (_uploads.Remove((client, content), out var draft))
            draft.Dispose();
    }

    private void Forget(string client)
    {
        foreach (var bundle in _offers.Forget(client))
            Timers.Cancel(new OfferSilent(client, bundle));
        foreach (var (_, content) in _uploads.Keys.Where(upload => upload.Client == client).ToList())
            Drop(client, content);
    }

    private void AwaitMore(BundleId content)
    {
        Await(new UploadSilent(Client, content));
        foreach (var bundle in _offers.Of(Client, content))
            Await(new OfferSilent(Client, bundle));
    }

    /// <summary>Sends the message unless it is awaited again before.</summary>
    private void Await(object silence) => Timers.StartSingleTimer(silence, silence, Patience);

    private BundleManifest Find(BundleId bundle) =>
        Store.FindManifest(bundle) ?? throw new BundleException($"Bundle {bundle} is not here: its client must offer it first.");

    private BundleProtocol.BundleChunk Read(BundleProtocol.FetchBundleChunk fetch)
    {
        using var file = Store.OpenContent(fetch.Content);
        if (fetch.Offset < 0 || fetch.Offset > file.Length)
            throw new BundleException($"Content {fetch.Content} has {file.Length} bytes; nothing is at {fetch.Offset}.");
        file.Position = fetch.Offset;
        var bytes = new byte[Math.Min(BundleProtocol.ChunkLength, file.Length - fetch.Offset)];
        file.ReadExactly(bytes);
        return new BundleProtocol.BundleChunk(fetch.Content, fetch.Offset, bytes, file.Position == file.Length);
    }

    private sealed record OfferSilent(string Client, BundleId Bundle);

    private sealed record UploadSilent(string Client, BundleId Content);
}
