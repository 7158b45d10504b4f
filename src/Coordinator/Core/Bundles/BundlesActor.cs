using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Storage;
using Actors.Remoting;
using Actors.Remoting.Bundles;
using Actors.Remoting.Data;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Bundles;

/// <summary>
/// Receives code bundles from clients and sends them to nodes. The files travel on the data port. A client may upload the contents that it
/// has offered. An upload ends with its offer, or with the disconnect of its client; its file is removed.
/// </summary>
public sealed partial class BundlesActor : HandlerActor, IWithTimers
{
    /// <summary>An offer ends when its client has uploaded nothing for this time.</summary>
    private static readonly TimeSpan UploadTimeout = TimeSpan.FromSeconds(60);

    private readonly BundleStore? _store;
    private readonly DataListener? _data;
    private readonly BundleUploads? _uploads;
    private readonly IActorRef? _peers;
    private readonly OfferState _offers;

    /// <param name="code">The store of bundles. Null in a local coordinator, whose only code is that of its process.</param>
    /// <param name="peers">The actor that knows the other coordinators, from which missing bundles are copied. Null without others.</param>
    public BundlesActor(CodeStore? code, IActorRef? peers)
    {
        (_store, _data, _peers) = (code?.Bundles, code?.Data, peers);
        _uploads = code is null ? null : new BundleUploads(code.Bundles, code.Data.Files);
        _offers = new OfferState(_store?.Space ?? 0);
        Receive<BundleProtocol.OfferBundle>(offer => AnswerOffer(offer.Manifest));
        Receive<BundleProtocol.FetchBundle>(SendBundle);
        Receive<BundleCopied>(OnBundleCopied);
        Receive<CopyProgressDue>(coming => ReportCopying(coming.Bundle));
        Receive<DelayDue>(_ => EndDelay());
        Receive<OfferCheckDue>(CheckOffer);
        Receive<PoolStarted>(UseForPool);
        Receive<Terminated>(terminated => EndUse(terminated.ActorRef));
        Receive<DisassociatedEvent>(disconnected => RemoveClient(HostPort.FromAddress(disconnected.RemoteAddress)));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The address of the process that sent the current message.</summary>
    private HostPort Client => DataLinks.GetLinks(Context.System).GetAddress(Sender);

    /// <summary>The machine of a process, which may have many addresses. Its address if the machine is not known.</summary>
    private static object GetOrigin(HostPort process) => ProvenLinks.GetLinks(Context.System).FindNetwork(process) ?? (object)process;

    private BundleStore Store => _store ?? throw new BundleException("This coordinator stores no code.");

    private BundleUploads Uploads => _uploads ?? throw new BundleException("This coordinator stores no code.");

    private int DataPort => _data?.Port ?? 0;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(PoolStarted));
        if (_store is { } store)
            _data?.Files.ServeCode(content => OpenContent(store, content));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _uploads?.Dispose();
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
            return CreateRefusal(subject, exception);
        }
    }

    private static BundleProtocol.BundleRefused CreateRefusal(BundleId subject, Exception exception) => new(
        subject,
        exception is BundleException ? exception.Message : $"The coordinator cannot store the code: {DiskError.Describe(exception)}.");

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
        StoreUploaded(Client, manifest, Uploads);
        RequireBundleOfClient(id);
        var missing = Store.FindMissing(manifest);
        if (missing.Count > 0)
        {
            AddOffer(Client, id, manifest, [.. manifest.Files.Where(file => missing.Contains(file.Content))]);
            return new BundleProtocol.BundleContentsNeeded(id, [.. missing], DataPort);
        }

        RemoveOffer(Client, id);
        if (Store.FindManifest(id) is null)
            StoreManifest(id, manifest);
        // Otherwise another program is removing the code. The client offers it again.
        return TryUse(Client, id) ? new BundleProtocol.BundleStored(id) : new BundleProtocol.BundleContentsNeeded(id, [], DataPort);
    }

    /// <summary>Stores the contents of a bundle that a client has uploaded since it offered them.</summary>
    private void StoreUploaded(HostPort client, BundleManifest manifest, BundleUploads uploads)
    {
        foreach (var content in manifest.Files.Select(file => file.Content))
        {
            if (uploads.FindCompleteLength(client, content) is not { } length)
                continue;
            try
            {
                // Another client may have uploaded the same content meanwhile.
                if (Store.HasContent(content, length))
                    continue;
                if (_offers.AddFile(client, length, stored: 0) is { } refusal)
                    throw new BundleException(refusal);
                uploads.StoreContent(client, content);
            }
            finally
            {
                uploads.RemoveUpload(client, content);
            }
        }
    }

    private void AddOffer(HostPort client, BundleId id, BundleManifest manifest, List<BundleFile> files)
    {
        if (_offers.FindDisplaced(client, id, GetOrigin(client)) is { } displaced)
            RemoveOffer(displaced.Client, displaced.Bundle);
        FreeSpace(_offers.MeasureNeeded(client, id, files), manifest);
        if (_offers.AddOffer(client, id, files, Store.MeasureUsed()) is { } refusal)
            throw new BundleException(refusal);
        ScheduleOfferCheck(client, id);
        Uploads.RemoveOthers(client, _offers.FindContents(client));
        foreach (var longest in files.GroupBy(file => file.Content).Select(same => same.MaxBy(file => file.Length)!))
            Uploads.AddUpload(client, longest);
    }

    private void RemoveOffer(HostPort client, BundleId bundle)
    {
        _offers.RemoveOffer(client, bundle);
        Timers.Cancel((client, bundle));
        Uploads.RemoveOthers(client, _offers.FindContents(client));
    }

    private void StoreManifest(BundleId id, BundleManifest manifest)
    {
        var length = manifest.Files.Sum(file => (long)file.Path.Length);
        FreeSpace(BundleStore.GetCharge(length), manifest);
        if (_offers.AddFile(Client, length, Store.MeasureUsed()) is { } refusal)
            throw new BundleException(refusal);
        Store.SaveManifest(id, manifest);
    }

    private void ScheduleOfferCheck(HostPort client, BundleId bundle) => Timers.StartSingleTimer(
        (client, bundle), new OfferCheckDue(client, bundle, Uploads.GetReceived(client)), UploadTimeout);

    private void CheckOffer(OfferCheckDue due)
    {
        if (Uploads.GetReceived(due.Client) == due.Received)
            RemoveOffer(due.Client, due.Bundle);
        else
            ScheduleOfferCheck(due.Client, due.Bundle);
    }

    private void RemoveClient(HostPort client)
    {
        EndUse(client);
        foreach (var bundle in _offers.RemoveClient(client))
            RemoveOffer(client, bundle);
    }

    private BundleProtocol.FetchBundleReply CreateReply(BundleId bundle) => new(
        Store.FindManifest(bundle) ?? throw new BundleException($"Bundle {bundle} is not stored here. Its client must upload it first."),
        DataPort);

    private static FileStream OpenContent(BundleStore store, BundleId content)
    {
        try
        {
            return store.OpenContent(content);
        }
        catch (BundleException exception)
        {
            throw new DataRefusedException(exception.Message);
        }
    }

    /// <param name="Client">The client.</param>
    /// <param name="Bundle">The offered bundle.</param>
    /// <param name="Received">The bytes that had arrived from the client when the check was scheduled.</param>
    private sealed record OfferCheckDue(HostPort Client, BundleId Bundle, long Received);
}
