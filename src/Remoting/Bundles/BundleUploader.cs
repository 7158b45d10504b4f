using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Remoting.Bundles;

/// <summary>Uploads the code of the running program to a coordinator. Contents that the coordinator has already are not sent.</summary>
internal static class BundleUploader
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RemovalPause = TimeSpan.FromMilliseconds(100);

    private const int MaxRounds = 10;

    /// <summary>
    /// The number of contents that this program uploads at the same time. Most are small, so that the time of a round trip counts. A
    /// coordinator permits twice as many.
    /// </summary>
    private const int MaxUploads = 4;

    private static readonly SemaphoreSlim Slots = new(MaxUploads);

    /// <returns>The id of the bundle.</returns>
    /// <exception cref="BundleException">The coordinator refused the bundle.</exception>
    public static async Task<BundleId> UploadBundleAsync(ICanTell coordinator, BundleBuilder bundle, CancellationToken cancellationToken)
    {
        var offer = new BundleProtocol.OfferBundle(bundle.Manifest);
        var answer = await SendRequestAsync(coordinator, offer, cancellationToken).ConfigureAwait(false);
        for (var round = 0; answer is BundleProtocol.BundleContentsNeeded needed && round < MaxRounds; round++)
        {
            // Another client may upload the same contents. The coordinator then asks for a part again.
            await Parallel.ForEachAsync(
                needed.Contents,
                new ParallelOptions { MaxDegreeOfParallelism = MaxUploads, CancellationToken = cancellationToken },
                (content, cancel) => SendContentAsync(coordinator, bundle, content, cancel)).ConfigureAwait(false);
            // Another program is removing the code, which takes milliseconds.
            if (needed.Contents.IsEmpty)
                await Task.Delay(RemovalPause, cancellationToken).ConfigureAwait(false);
            answer = await SendRequestAsync(coordinator, offer, cancellationToken).ConfigureAwait(false);
        }

        return answer is BundleProtocol.BundleStored stored
            ? stored.Bundle
            : throw new BundleException(
                $"The coordinator sent an unexpected answer after all of the bundle was uploaded: {answer.GetType().Name}.");
    }

    private static async ValueTask SendContentAsync(
        ICanTell coordinator, BundleBuilder bundle, BundleId content, CancellationToken cancellationToken)
    {
        await Slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await SendChunksAsync(coordinator, bundle, content, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Slots.Release();
        }
    }

    private static async Task SendChunksAsync(
        ICanTell coordinator, BundleBuilder bundle, BundleId content, CancellationToken cancellationToken)
    {
        await using var file = bundle.OpenContent(content);
        var buffer = new byte[BundleProtocol.ChunkLength];
        for (var isLast = false; !isLast;)
        {
            var offset = file.Position;
            var read = await file.ReadAtLeastAsync(
                buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            isLast = file.Position == file.Length;
            var chunk = new BundleProtocol.BundleChunk(content, offset, buffer.AsMemory(0, read).ToArray(), isLast);
            await SendRequestAsync(coordinator, chunk, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<object> SendRequestAsync(ICanTell coordinator, IWireMessage question, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await PeerAsk.AskAsync<object>(coordinator, question, AnswerTimeout, cancellationToken).ConfigureAwait(false);
            return answer is BundleProtocol.BundleRefused refused ? throw new BundleException(refused.Reason) : answer;
        }
        catch (AskTimeoutException exception)
        {
            throw new BundleException(
                $"The coordinator did not accept the code of this program within {AnswerTimeout.TotalSeconds:0} s.", exception);
        }
    }
}
