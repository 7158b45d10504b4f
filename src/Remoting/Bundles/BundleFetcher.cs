using System.Collections.Concurrent;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Remoting.Bundles;

/// <summary>Downloads bundles from coordinators. Each bundle is downloaded once, verified, and stored. Thread-safe.</summary>
internal sealed class BundleFetcher(BundleStore store) : ICodeSource
{
    private static readonly TimeSpan AnswerTimeout = ProtocolTimes.CodeAnswer;

    /// <summary>
    /// The number of contents that are downloaded at the same time. Most are small, so that the time of a round trip counts.
    /// </summary>
    private const int MaxDownloads = 4;

    private const int UseAttempts = 50;
    private static readonly TimeSpan UsePause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<BundleId, Lazy<Task<CodePaths>>> _resolved = new();

    /// <inheritdoc/>
    public async Task<CodePaths> ResolveBundleAsync(BundleId bundle, ICanTell coordinator, CancellationToken cancellationToken)
    {
        RemoveIfEvicted(bundle);
        var resolving = _resolved.GetOrAdd(bundle, id => new Lazy<Task<CodePaths>>(() => FetchBundleAsync(id, coordinator)));
        try
        {
            return await resolving.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // A later attempt may succeed.
            _resolved.TryRemove(new KeyValuePair<BundleId, Lazy<Task<CodePaths>>>(bundle, resolving));
            throw;
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

    /// <summary>Forgets a downloaded bundle that was removed since, so that it is downloaded again.</summary>
    private void RemoveIfEvicted(BundleId bundle)
    {
        if (_resolved.TryGetValue(bundle, out var known) && known is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } done }
            && !File.Exists(done.Result.ExecutorAssembly))
            _resolved.TryRemove(KeyValuePair.Create(bundle, known));
    }

    /// <summary>Downloads a bundle into the store.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="coordinator">The coordinator that has it.</param>
    /// <param name="isFromStoreOnly">Whether the coordinator may use only its own store, and not ask other coordinators.</param>
    /// <exception cref="BundleException">The coordinator does not have the bundle, or sent other contents.</exception>
    /// <exception cref="StorageException">The store is full.</exception>
    public Task<BundleManifest> CopyBundleAsync(BundleId bundle, ICanTell coordinator, bool isFromStoreOnly) =>
        store.RunWriteAsync(() => CopyToStoreAsync(bundle, coordinator, isFromStoreOnly));

    private async Task<BundleManifest> CopyToStoreAsync(BundleId bundle, ICanTell coordinator, bool isFromStoreOnly)
    {
        var manifest = store.FindManifest(bundle) ?? await FetchManifestAsync(bundle, coordinator, isFromStoreOnly).ConfigureAwait(false);
        var missing = store.FindMissing(manifest);
        if (missing.Count > 0)
            store.FreeSpace(MeasureMissing(manifest, missing), [.. manifest.Files.Select(file => file.Content)]);
        await Parallel.ForEachAsync(
            manifest.Files.Where(file => missing.Contains(file.Content)).DistinctBy(file => file.Content),
            new ParallelOptions { MaxDegreeOfParallelism = MaxDownloads },
            (file, _) => new ValueTask(FetchContentAsync(file.Content, file.Length, coordinator))).ConfigureAwait(false);
        store.SaveManifest(bundle, manifest);
        return manifest;
    }

    private static long MeasureMissing(BundleManifest manifest, IReadOnlySet<BundleId> missing) =>
        manifest.Files.Where(file => missing.Contains(file.Content)).DistinctBy(file => file.Content)
            .Sum(file => BundleStore.GetCharge(file.Length));

    private Task<CodePaths> FetchBundleAsync(BundleId bundle, ICanTell coordinator) => store.RunWriteAsync(async () =>
        store.MaterializeBundle(bundle, await CopyToStoreAsync(bundle, coordinator, isFromStoreOnly: false).ConfigureAwait(false)));

    private static async Task<BundleManifest> FetchManifestAsync(BundleId bundle, ICanTell coordinator, bool isFromStoreOnly)
    {
        var request = new BundleProtocol.FetchBundle(bundle, isFromStoreOnly);
        var manifest = (await SendRequestAsync<BundleProtocol.FetchBundleReply>(request, coordinator).ConfigureAwait(false)).Manifest;
        if (manifest is null || manifest.FindProblem() is not null)
            throw new BundleException(manifest?.FindProblem() ?? "The coordinator sent no manifest.");
        return manifest.ComputeId() == bundle
            ? manifest
            : throw new BundleException($"The coordinator sent a manifest that is not that of bundle {bundle}. It was refused.");
    }

    private async Task FetchContentAsync(BundleId content, long length, ICanTell coordinator)
    {
        using var draft = store.CreateDraft();
        for (var isLast = false; !isLast;)
        {
            var question = new BundleProtocol.FetchBundleChunk(content, draft.Length);
            var chunk = await SendRequestAsync<BundleProtocol.BundleChunk>(question, coordinator).ConfigureAwait(false);
            var isNext = chunk.Content == content && chunk.Offset == draft.Length && chunk.Bytes.Length <= length - draft.Length;
            if (!isNext || (chunk.Bytes.IsEmpty && !chunk.IsLast))
                throw new BundleException($"The coordinator sent bytes that are not those of content {content}. They were refused.");
            draft.AppendBytes(chunk.Bytes.Span);
            isLast = chunk.IsLast;
        }

        draft.SaveAs(content);
    }

    private static async Task<T> SendRequestAsync<T>(IWireMessage question, ICanTell coordinator)
    {
        try
        {
            while (true)
            {
                switch (await PeerAsk.AskAsync<object>(coordinator, question, AnswerTimeout).ConfigureAwait(false))
                {
                    case T answer: return answer;
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
