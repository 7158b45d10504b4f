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
    public async Task<CodePaths> ResolveAsync(BundleId bundle, ICanTell coordinator, CancellationToken cancellationToken)
    {
        var resolving = _resolved.GetOrAdd(bundle, id => new Lazy<Task<CodePaths>>(() => FetchAsync(id, coordinator)));
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
    public Task<BundleManifest> CopyAsync(BundleId bundle, ICanTell coordinator, bool onlyThere) =>
        store.GuardAsync(() => CopyToStoreAsync(bundle, coordinator, onlyThere));

    private async Task<BundleManifest> CopyToStoreAsync(BundleId bundle, ICanTell coordinator, bool onlyThere)
    {
        var manifest = store.FindManifest(bundle) ?? await FetchManifestAsync(bundle, coordinator, onlyThere).ConfigureAwait(false);
        foreach (var content in store.Missing(manifest))
            await FetchContentAsync(content, manifest.Files.First(file => file.Content == content).Length, coordinator).ConfigureAwait(false);
        store.KeepManifest(bundle, manifest);
        return manifest;
    }

    private Task<CodePaths> FetchAsync(BundleId bundle, ICanTell coordinator) => store.GuardAsync(async () =>
        store.Materialize(bundle, await CopyToStoreAsync(bundle, coordinator, onlyThere: false).ConfigureAwait(false)));

    private static async Task<BundleManifest> FetchManifestAsync(BundleId bundle, ICanTell coordinator, bool onlyThere)
    {
        var manifest = (await AskAsync<BundleProtocol.Fetched>(new BundleProtocol.Fetch(bundle, onlyThere), coordinator).ConfigureAwait(false)).Manifest;
        if (manifest is null || manifest.Refusal() is not null)
            throw new BundleException(manifest?.Refusal() ?? "The coordinator sent no manifest.");
        return manifest.ComputeId() == bundle
            ? manifest
            : throw new BundleException($"The coordinator sent another manifest than that of bundle {bundle}: it was refused.");
    }

    private async Task FetchContentAsync(BundleId content, long length, ICanTell coordinator)
    {
        using var draft = store.CreateDraft();
        for (var isLast = false; !isLast;)
        {
            var question = new BundleProtocol.FetchChunk(content, draft.Length);
            var chunk = await AskAsync<BundleProtocol.Chunk>(question, coordinator).ConfigureAwait(false);
            if (chunk.Content != content || chunk.Offset != draft.Length || chunk.Bytes.Length > length - draft.Length || (chunk.Bytes.IsEmpty && !chunk.IsLast))
                throw new BundleException($"The coordinator sent something else than content {content}: it was refused.");
            draft.Write(chunk.Bytes.Span);
            isLast = chunk.IsLast;
        }

        draft.Keep(content);
    }

    private static async Task<T> AskAsync<T>(IWireMessage question, ICanTell coordinator)
    {
        try
        {
            while (true)
            {
                switch (await PeerAsk.AskAsync<object>(coordinator, question, AnswerTimeout).ConfigureAwait(false))
                {
                    case T answer: return answer;
                    case BundleProtocol.Coming: break;
                    case BundleProtocol.Refused refused: throw new BundleException(refused.Reason);
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
