using System.Collections.Concurrent;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Remoting.Bundles;

/// <summary>Brings bundles from the coordinator to a node: fetched once, checked, kept. Thread-safe.</summary>
internal sealed class BundleFetcher(BundleStore store) : ICodeSource
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<BundleId, Lazy<Task<CodePaths>>> _resolved = new();

    /// <inheritdoc/>
    public async Task<CodePaths> ResolveBundleAsync(BundleId bundle, ICanTell coordinator, CancellationToken cancellationToken)
    {
        var resolving = _resolved.GetOrAdd(bundle, id => new Lazy<Task<CodePaths>>(() => FetchBundleAsync(id, coordinator)));
        try
        {
            return await resolving.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // What failed once may work the next time.
            _resolved.TryRemove(new KeyValuePair<BundleId, Lazy<Task<CodePaths>>>(bundle, resolving));
            throw;
        }
    }

    /// <summary>Brings a bundle into the store, from a coordinator that has it.</summary>
    /// <exception cref="BundleException">It has not, or what it sent is something else.</exception>
    /// <exception cref="StorageException">The store has no room for it.</exception>
    public Task<BundleManifest> CopyBundleAsync(BundleId bundle, ICanTell coordinator, bool isFromStoreOnly) =>
        store.RunWriteAsync(() => CopyToStoreAsync(bundle, coordinator, isFromStoreOnly));

    private async Task<BundleManifest> CopyToStoreAsync(BundleId bundle, ICanTell coordinator, bool isFromStoreOnly)
    {
        var manifest = store.FindManifest(bundle) ?? await FetchManifestAsync(bundle, coordinator, isFromStoreOnly).ConfigureAwait(false);
        foreach (var content in store.FindMissing(manifest))
            await FetchContentAsync(content, manifest.Files.First(file => file.Content == content).Length, coordinator).ConfigureAwait(false);
        store.SaveManifest(bundle, manifest);
        return manifest;
    }

    private Task<CodePaths> FetchBundleAsync(BundleId bundle, ICanTell coordinator) => store.RunWriteAsync(async () =>
        store.MaterializeBundle(bundle, await CopyToStoreAsync(bundle, coordinator, isFromStoreOnly: false).ConfigureAwait(false)));

    private static async Task<BundleManifest> FetchManifestAsync(BundleId bundle, ICanTell coordinator, bool isFromStoreOnly)
    {
        var manifest = (await SendRequestAsync<BundleProtocol.FetchBundleReply>(new BundleProtocol.FetchBundle(bundle, isFromStoreOnly), coordinator).ConfigureAwait(false)).Manifest;
        if (manifest is null || manifest.FindProblem() is not null)
            throw new BundleException(manifest?.FindProblem() ?? "The coordinator sent no manifest.");
        return manifest.ComputeId() == bundle
            ? manifest
            : throw new BundleException($"The coordinator sent another manifest than that of bundle {bundle}: it was refused.");
    }

    private async Task FetchContentAsync(BundleId content, long length, ICanTell coordinator)
    {
        using var draft = store.CreateDraft();
        for (var isLast = false; !isLast;)
        {
            var question = new BundleProtocol.FetchBundleChunk(content, draft.Length);
            var chunk = await SendRequestAsync<BundleProtocol.BundleChunk>(question, coordinator).ConfigureAwait(false);
            if (chunk.Content != content || chunk.Offset != draft.Length || chunk.Bytes.Length > length - draft.Length || (chunk.Bytes.IsEmpty && !chunk.IsLast))
                throw new BundleException($"The coordinator sent something else than content {content}: it was refused.");
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
                    case var other: throw new BundleException($"The coordinator answered {other.GetType().Name}.");
                }
            }
        }
        catch (AskTimeoutException exception)
        {
            throw new BundleException($"The coordinator did not answer within {AnswerTimeout.TotalSeconds:0} s.", exception);
        }
    }
}
