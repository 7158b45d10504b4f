using System.Collections.Concurrent;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Akka.Actor;

namespace Actors.Remoting.Bundles;

/// <summary>Downloads bundles from coordinators. Each bundle is downloaded once, verified, and stored. Thread-safe.</summary>
public sealed class BundleFetcher(BundleStore store) : ICodeSource
{
    private static readonly TimeSpan AnswerTimeout = ProtocolTimes.CodeAnswer;

    /// <summary>
    /// The number of contents that are downloaded at the same time. Most are small, so that the time of a round trip counts.
    /// </summary>
    private const int MaxDownloads = 4;

    private const int UseAttempts = 50;
    private static readonly TimeSpan UsePause = TimeSpan.FromMilliseconds(20);

    /// <summary>The running downloads. That of a lost coordinator delays no other one.</summary>
    private readonly ConcurrentDictionary<(BundleId Bundle, IActorRef Coordinator), Lazy<Task<CodePaths>>> _resolving = new();

    /// <inheritdoc/>
    public async Task<CodePaths> ResolveBundleAsync(BundleId bundle, IActorRef coordinator, CancellationToken cancellationToken)
    {
        var resolving = _resolving.GetOrAdd(
            (bundle, coordinator), wanted => new Lazy<Task<CodePaths>>(() => FetchBundleAsync(wanted.Bundle, wanted.Coordinator)));
        try
        {
            return await resolving.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _resolving.TryRemove(KeyValuePair.Create((bundle, coordinator), resolving));
        }
    }

    /// <inheritdoc/>
    public async Task<IDisposable?> UseBundleAsync(BundleId bundle)
    {
        for (var attempt = 0; attempt < UseAttempts; attempt++)
        {
            if (store.TryUseBundle(bundle) is { } use)
                return use;
            await Task.Delay(UsePause).ConfigureAwait(false);
        }

        throw new BundleException($"Another program is removing the code {bundle} from the cache. Try again.");
    }

    /// <summary>Downloads a bundle into the store.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="coordinator">The coordinator that has it.</param>
    /// <param name="isFromStoreOnly">Whether the coordinator may use only its own store, and not ask other coordinators.</param>
    /// <exception cref="BundleException">The coordinator does not have the bundle, or sent other contents.</exception>
    /// <exception cref="StorageException">The store is full.</exception>
    public Task<BundleManifest> CopyBundleAsync(BundleId bundle, IActorRef coordinator, bool isFromStoreOnly) =>
        store.RunWriteAsync(() => CopyToStoreAsync(bundle, coordinator, isFromStoreOnly));

    private async Task<BundleManifest> CopyToStoreAsync(BundleId bundle, IActorRef coordinator, bool isFromStoreOnly)
    {
        if (store.FindManifest(bundle) is { } stored && store.FindMissing(stored).Count == 0)
            return stored;
        var (manifest, port) = await FetchManifestAsync(bundle, coordinator, isFromStoreOnly).ConfigureAwait(false);
        var missing = store.FindMissing(manifest);
        if (missing.Count > 0)
            store.FreeSpace(MeasureMissing(manifest, missing), [.. manifest.Files.Select(file => file.Content)]);
        await Parallel.ForEachAsync(
            manifest.Files.Where(file => missing.Contains(file.Content)).DistinctBy(file => file.Content),
            new ParallelOptions { MaxDegreeOfParallelism = MaxDownloads },
            (file, cancel) => new ValueTask(FetchContentAsync(file, coordinator, port, cancel))).ConfigureAwait(false);
        store.SaveManifest(bundle, manifest);
        return manifest;
    }

    private static long MeasureMissing(BundleManifest manifest, IReadOnlySet<BundleId> missing) =>
        manifest.Files.Where(file => missing.Contains(file.Content)).DistinctBy(file => file.Content)
            .Sum(file => BundleStore.GetCharge(file.Length));

    private Task<CodePaths> FetchBundleAsync(BundleId bundle, IActorRef coordinator) => store.RunWriteAsync(async () =>
        store.MaterializeBundle(bundle, await CopyToStoreAsync(bundle, coordinator, isFromStoreOnly: false).ConfigureAwait(false)));

    private static async Task<BundleProtocol.FetchBundleReply> FetchManifestAsync(
        BundleId bundle, IActorRef coordinator, bool isFromStoreOnly)
    {
        var request = new BundleProtocol.FetchBundle(bundle, isFromStoreOnly);
        var reply = await SendRequestAsync(request, coordinator).ConfigureAwait(false);
        if (reply.Manifest is null || reply.Manifest.FindProblem() is not null)
            throw new BundleException(reply.Manifest?.FindProblem() ?? "The coordinator sent no manifest.");
        return reply.Manifest.ComputeId() == bundle
            ? reply
            : throw new BundleException($"The coordinator sent a manifest that is not that of bundle {bundle}. It was refused.");
    }

    private async Task FetchContentAsync(BundleFile file, IActorRef coordinator, int port, CancellationToken cancellationToken)
    {
        using var draft = store.CreateDraft();
        try
        {
            var transfer = DataTransfer.CreateTransfer(coordinator, port, DataKey.ForCode(file.Content));
            draft.SaveAs(file.Content, await transfer.ReceiveAsync(file.Length, draft.Stream, cancellationToken).ConfigureAwait(false));
        }
        catch (DataRefusedException exception)
        {
            throw new BundleException(exception.Message, exception);
        }
    }

    private static async Task<BundleProtocol.FetchBundleReply> SendRequestAsync(BundleProtocol.FetchBundle question, IActorRef coordinator)
    {
        try
        {
            while (true)
            {
                switch (await PeerAsk.AskAsync<object>(coordinator, question, AnswerTimeout).ConfigureAwait(false))
                {
                    case BundleProtocol.FetchBundleReply reply: return reply;
                    case BundleProtocol.BundlePending: break;
                    case BundleProtocol.BundleRefused refused: throw new BundleException(refused.Reason);
                    case var other: throw new BundleException($"The coordinator sent an unexpected answer: {other.GetType().Name}.");
                }
            }
        }
        catch (AskTimeoutException exception)
        {
            throw new BundleException(
                $"The coordinator did not answer within {AnswerTimeout.TotalSeconds:0} s. Check the coordinator, and try again.",
                exception);
        }
    }
}
