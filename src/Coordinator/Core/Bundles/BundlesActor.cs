using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Bundles;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Bundles;

/// <summary>
/// Receives code bundles from clients and sends them to nodes. Each message reads or writes one chunk of one file. Only offered contents
/// are accepted. An upload ends with the first refusal, with the disconnect of its client, or after a timeout; its file is removed.
/// </summary>
internal sealed partial class BundlesActor : HandlerActor, IWithTimers
{
    private const int MaxUploads = 256;
    private const int MaxUploadsOfClient = 8;

    /// <summary>The longest pause between two chunks of an upload.</summary>
    private static readonly TimeSpan UploadTimeout = TimeSpan.FromSeconds(60);

    private readonly BundleStore? _store;
    private readonly IActorRef? _peers;
    private readonly OfferState _offers;
    private readonly Dictionary<(string Client, BundleId Content), ContentDraft> _uploads = [];

    /// <param name="store">The store of bundles. Null in a local coordinator, whose only code is that of its process.</param>
    /// <param name="peers">The actor that knows the other coordinators, from which missing bundles are copied. Null without others.</param>
    public BundlesActor(BundleStore? store, IActorRef? peers)
    {
        (_store, _peers) = (store, peers);
        _offers = new OfferState(store?.Space ?? 0);
        Receive<BundleProtocol.OfferBundle>(offer => AnswerOffer(offer.Manifest));
        Receive<BundleProtocol.BundleChunk>(chunk => SendAnswer(chunk.Content, () => AddChunkOrDrop(chunk)));
        Receive<BundleProtocol.FetchBundle>(SendBundle);
        Receive<BundleCopied>(OnBundleCopied);
        Receive<CopyProgressDue>(coming => ReportCopying(coming.Bundle));
        Receive<BundleProtocol.FetchBundleChunk>(fetch => SendAnswer(fetch.Content, () => ReadChunk(fetch)));
        Receive<OfferTimedOut>(silent => _offers.RemoveOffer(silent.Client, silent.Bundle));
        Receive<UploadTimedOut>(silent => DropUpload(silent.Client, silent.Content));
        Receive<PoolStarted>(UseForPool);
        Receive<Terminated>(terminated => EndUse(terminated.ActorRef));
        Receive<DisassociatedEvent>(disconnected => RemoveClient(disconnected.RemoteAddress.ToString()));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The address of the process that sent the current message.</summary>
    private string Client => Sender.Path.Address.ToString();

    private BundleStore Store => _store ?? throw new BundleException("This coordinator stores no code.");

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(PoolStarted));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        foreach (var (client, content) in _uploads.Keys.ToList())
            DropUpload(client, content);
        EndUses();
    }

    /// <summary>Answers the sender, with a refusal if the bundle is invalid or the store fails.</summary>
    private void SendAnswer(BundleId subject, Func<IWireMessage> answer) => Sender.Tell(AnswerOrRefusal(subject, answer));

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

    /// <summary>Answers an offer. The refusal of an invalid manifest has no id, because the hashed members may be missing.</summary>
    private void AnswerOffer(BundleManifest? manifest)
    {
        if (manifest is null || manifest.FindProblem() is not null)
            Sender.Tell(new BundleProtocol.BundleRefused(default, manifest?.FindProblem() ?? "The offer has no manifest."));
        else
            SendAnswer(manifest.ComputeId(), () => AcceptOffer(manifest, manifest.ComputeId()));
    }

    private IWireMessage AcceptOffer(BundleManifest manifest, BundleId id)
    {
        RequireBundleOfClient(id);
        var missing = Store.FindMissing(manifest);
        if (missing.Count > 0)
        {
            var files = manifest.Files.Where(file => missing.Contains(file.Content)).ToList();
            FreeSpace(_offers.MeasureNeeded(Client, id, files), manifest);
            if (_offers.AddOffer(Client, id, files, Store.MeasureUsed()) is { } refusal)
                throw new BundleException(refusal);
            StartTimeout(new OfferTimedOut(Client, id));
            return new BundleProtocol.BundleContentsNeeded(id, [.. missing]);
        }

        _offers.RemoveOffer(Client, id);
        if (Store.FindManifest(id) is null)
            StoreManifest(id, manifest);
        // Otherwise another program is removing the code. The client offers it again.
        return TryUse(Client, id) ? new BundleProtocol.BundleStored(id) : new BundleProtocol.BundleContentsNeeded(id, []);
    }

    private void StoreManifest(BundleId id, BundleManifest manifest)
    {
        var length = manifest.Files.Sum(file => (long)file.Path.Length);
        FreeSpace(BundleStore.GetCharge(length), manifest);
        if (_offers.AddFile(Client, length, Store.MeasureUsed()) is { } refusal)
            throw new BundleException(refusal);
        Store.SaveManifest(id, manifest);
    }

    /// <summary>Adds a chunk. The upload is dropped when a chunk is refused, because the sender stops then.</summary>
    private BundleProtocol.BundleChunkReceived AddChunkOrDrop(BundleProtocol.BundleChunk chunk)
    {
        try
        {
            return AddChunk(chunk);
        }
        catch
        {
            DropUpload(Client, chunk.Content);
            throw;
        }
    }

    private BundleProtocol.BundleChunkReceived AddChunk(BundleProtocol.BundleChunk chunk)
    {
        var reply = new BundleProtocol.BundleChunkReceived(chunk.Content, chunk.Offset + chunk.Bytes.Length);
        var length = _offers.FindLength(Client, chunk.Content);
        if (Store.HasContent(chunk.Content, length))
        {
            // Another upload of the same content has completed meanwhile.
            DropUpload(Client, chunk.Content);
            return reply;
        }

        if (length is null)
        {
            throw new BundleException(
                $"Content {chunk.Content} belongs to no bundle that this program has offered. Offer the bundle first.");
        }

        if (chunk.Bytes.Length > BundleProtocol.ChunkLength || chunk.Offset < 0 || chunk.Offset > length - chunk.Bytes.Length)
        {
            throw new BundleException(
                $"Content {chunk.Content} is longer than the offer, or one of its chunks is too long. Offer the bundle again.");
        }

        if (!_uploads.TryGetValue((Client, chunk.Content), out var draft))
            draft = BeginUpload(chunk);
        // The client may repeat a chunk, or continue an upload that another program began.
        if (chunk.Offset < draft.Length)
            return reply;
        if (chunk.Offset > draft.Length || (chunk.Bytes.IsEmpty && !chunk.IsLast))
        {
            throw new BundleException(
                $"A chunk of content {chunk.Content} is out of order or empty. Send the content again from its beginning.");
        }

        draft.AppendBytes(chunk.Bytes.Span);
        RestartTimeouts(chunk.Content);
        if (chunk.IsLast)
            CompleteUpload(chunk.Content, draft);
        return reply;
    }

    private ContentDraft BeginUpload(BundleProtocol.BundleChunk chunk)
    {
        if (chunk.Offset != 0)
            throw new BundleException($"Content {chunk.Content} must be sent from its beginning.");
        if (_uploads.Count >= MaxUploads || _uploads.Keys.Count(upload => upload.Client == Client) >= MaxUploadsOfClient)
            throw new BundleException("Too many programs upload code at the same time. Try again in a minute.");
        return _uploads[(Client, chunk.Content)] = Store.CreateDraft();
    }

    private void CompleteUpload(BundleId content, ContentDraft draft)
    {
        if (_offers.AddFile(Client, draft.Length, stored: 0) is { } refusal)
            throw new BundleException(refusal);
        draft.SaveAs(content);
        DropUpload(Client, content);
    }

    private void DropUpload(string client, BundleId content)
    {
        Timers.Cancel(new UploadTimedOut(client, content));
        if (_uploads.Remove((client, content), out var draft))
            draft.Dispose();
    }

    private void RemoveClient(string client)
    {
        EndUse(client);
        foreach (var bundle in _offers.RemoveClient(client))
            Timers.Cancel(new OfferTimedOut(client, bundle));
        foreach (var (_, content) in _uploads.Keys.Where(upload => upload.Client == client).ToList())
            DropUpload(client, content);
    }

    private void RestartTimeouts(BundleId content)
    {
        StartTimeout(new UploadTimedOut(Client, content));
        foreach (var bundle in _offers.FindBundles(Client, content))
            StartTimeout(new OfferTimedOut(Client, bundle));
    }

    /// <summary>Starts or restarts the timeout that sends this message.</summary>
    private void StartTimeout(object silence) => Timers.StartSingleTimer(silence, silence, UploadTimeout);

    private BundleManifest GetManifest(BundleId bundle) =>
        Store.FindManifest(bundle) ?? throw new BundleException($"Bundle {bundle} is not stored here. Its client must upload it first.");

    private BundleProtocol.BundleChunk ReadChunk(BundleProtocol.FetchBundleChunk fetch)
    {
        using var file = Store.OpenContent(fetch.Content);
        if (fetch.Offset < 0 || fetch.Offset > file.Length)
            throw new BundleException($"Content {fetch.Content} has {file.Length} bytes; nothing is at {fetch.Offset}.");
        file.Position = fetch.Offset;
        var bytes = new byte[Math.Min(BundleProtocol.ChunkLength, file.Length - fetch.Offset)];
        file.ReadExactly(bytes);
        return new BundleProtocol.BundleChunk(fetch.Content, fetch.Offset, bytes, file.Position == file.Length);
    }

    private sealed record OfferTimedOut(string Client, BundleId Bundle);

    private sealed record UploadTimedOut(string Client, BundleId Content);
}
