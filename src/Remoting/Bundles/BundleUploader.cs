using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Remoting.Bundles;

/// <summary>Brings the running program's code to a coordinator: what it has already does not travel again.</summary>
internal static class BundleUploader
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    private const int MaxRounds = 10;

    /// <returns>The bundle's id.</returns>
    /// <exception cref="BundleException">The coordinator refused it.</exception>
    public static async Task<BundleId> UploadBundleAsync(ICanTell coordinator, BundleBuilder bundle, CancellationToken cancellationToken)
    {
        var offer = new BundleProtocol.OfferBundle(bundle.Manifest);
        var answer = await SendRequestAsync(coordinator, offer, cancellationToken).ConfigureAwait(false);
        for (var round = 0; answer is BundleProtocol.BundleContentsNeeded needed && round < MaxRounds; round++)
        {
            // Another client may be sending the same: then a part of it is asked for again.
            foreach (var content in needed.Contents)
                await SendContentAsync(coordinator, bundle, content, cancellationToken).ConfigureAwait(false);
            answer = await SendRequestAsync(coordinator, offer, cancellationToken).ConfigureAwait(false);
        }

        return answer is BundleProtocol.BundleStored stored
            ? stored.Bundle
            : throw new BundleException($"The coordinator answered {answer.GetType().Name} when it had got all of the bundle.");
    }

    private static async Task SendContentAsync(ICanTell coordinator, BundleBuilder bundle, BundleId content, CancellationToken cancellationToken)
    {
        await using var file = bundle.OpenContent(content);
        var buffer = new byte[BundleProtocol.ChunkLength];
        for (var isLast = false; !isLast;)
        {
            var offset = file.Position;
            var read = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
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
            throw new BundleException($"The coordinator did not take the program's code within {AnswerTimeout.TotalSeconds:0} s.", exception);
        }
    }
}
