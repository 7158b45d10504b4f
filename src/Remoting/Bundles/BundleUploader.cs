using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Akka.Actor;

namespace Actors.Remoting.Bundles;

/// <summary>
/// Uploads the code of the running program to a coordinator. Contents that the coordinator has already are not sent. Thread-safe.
/// </summary>
/// <param name="coordinator">The coordinator.</param>
public sealed class BundleUploader(IActorRef coordinator)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RemovalPause = TimeSpan.FromMilliseconds(100);

    private const int MaxRounds = 10;

    /// <summary>The number of contents that are uploaded at the same time. Most are small, so the time of a round trip counts.</summary>
    private const int MaxUploads = 4;

    /// <summary>
    /// One bundle after the other: two bundles of a program have many contents in common, and the later upload of a content would end the
    /// earlier one.
    /// </summary>
    private readonly SemaphoreSlim _uploading = new(1);

    /// <summary>Uploads a bundle.</summary>
    /// <returns>The id of the bundle.</returns>
    /// <exception cref="BundleException">The coordinator refused the bundle, or a file of it has changed.</exception>
    public async Task<BundleId> UploadBundleAsync(BundleBuilder bundle, CancellationToken cancellationToken)
    {
        await _uploading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await OfferUntilStoredAsync(bundle, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _uploading.Release();
        }
    }

    private async Task<BundleId> OfferUntilStoredAsync(BundleBuilder bundle, CancellationToken cancellationToken)
    {
        var answer = await OfferAsync(bundle, cancellationToken).ConfigureAwait(false);
        for (var round = 0; answer is BundleProtocol.BundleContentsNeeded needed && round < MaxRounds; round++)
        {
            await SendContentsAsync(bundle, needed, cancellationToken).ConfigureAwait(false);
            // Another program is removing the code, which takes milliseconds.
            if (needed.Contents.IsEmpty)
                await Task.Delay(RemovalPause, cancellationToken).ConfigureAwait(false);
            answer = await OfferAsync(bundle, cancellationToken).ConfigureAwait(false);
        }

        return answer is BundleProtocol.BundleStored stored
            ? stored.Bundle
            : throw new BundleException(
                $"The coordinator sent an unexpected answer after all of the bundle was uploaded: {answer.GetType().Name}.");
    }

    private Task SendContentsAsync(BundleBuilder bundle, BundleProtocol.BundleContentsNeeded needed, CancellationToken cancellationToken)
    {
        var contents = needed.Contents.ToHashSet();
        return Parallel.ForEachAsync(
            bundle.Manifest.Files.Where(file => contents.Contains(file.Content)).DistinctBy(file => file.Content),
            new ParallelOptions { MaxDegreeOfParallelism = MaxUploads, CancellationToken = cancellationToken },
            (file, cancel) => SendContentAsync(bundle, file, needed.Port, cancel));
    }

    private async ValueTask SendContentAsync(BundleBuilder bundle, BundleFile file, int port, CancellationToken cancellationToken)
    {
        await using var content = bundle.OpenContent(file.Content);
        if (content.Length != file.Length)
        {
            throw new BundleException(
                $"The file {bundle.PathOf(file.Content)} has changed since this program read it. Restart the program.");
        }

        try
        {
            var transfer = DataTransfer.CreateTransfer(coordinator, port, DataKey.ForCode(file.Content));
            await transfer.SendAsync(content, cancellationToken).ConfigureAwait(false);
        }
        catch (DataRefusedException exception)
        {
            throw new BundleException(exception.Message, exception);
        }
    }

    private async Task<object> OfferAsync(BundleBuilder bundle, CancellationToken cancellationToken)
    {
        try
        {
            var offer = new BundleProtocol.OfferBundle(bundle.Manifest);
            var answer = await PeerAsk.AskAsync<object>(coordinator, offer, AnswerTimeout, cancellationToken).ConfigureAwait(false);
            return answer is BundleProtocol.BundleRefused refused ? throw new BundleException(refused.Reason) : answer;
        }
        catch (AskTimeoutException exception)
        {
            throw new BundleException(
                $"The coordinator did not accept the code of this program within {AnswerTimeout.TotalSeconds:0} s.", exception);
        }
    }
}
