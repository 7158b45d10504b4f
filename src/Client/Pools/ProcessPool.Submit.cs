using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

/// <content>Waits until submitted jobs are accepted.</content>
public partial class ProcessPool
{
    internal async Task<JobHandle<T>> SubmitUntilAcceptedAsync<T>(
        PreparedCall call, JobOptions? options, CancellationToken cancellationToken)
    {
        var handle = CreateHandle<T>(options);
        await SubmitPendingAsync(handle.Pending, call, options, cancellationToken).ConfigureAwait(false);
        await WaitForAcceptanceAsync(handle, cancellationToken).ConfigureAwait(false);
        return handle;
    }

    internal async Task<ActionJobHandle> SubmitUntilAcceptedAsync(
        PreparedCall call, JobOptions? options, CancellationToken cancellationToken)
    {
        var handle = CreateHandle(options);
        await SubmitPendingAsync(handle.Pending, call, options, cancellationToken).ConfigureAwait(false);
        await WaitForAcceptanceAsync(handle, cancellationToken).ConfigureAwait(false);
        return handle;
    }

    private static void RequireSingleJobOptions(JobOptions? options)
    {
        if (options?.MapTimeout is not null)
        {
            throw new ArgumentException(
                $"{nameof(JobOptions.MapTimeout)} applies only to maps: limit a single job with "
                + $"{nameof(JobOptions.Timeout)}.", nameof(options));
        }
    }

    /// <summary>Requires that the job may have the key of its options.</summary>
    private void RequireKeyPermitted(PendingJob job, JobOptions options)
    {
        if (options.Key is null || (job.CanBeFound && IsDurable))
            return;
        throw new ArgumentException(
            job.CanBeFound
                ? $"{nameof(JobOptions)}.{nameof(JobOptions.Key)} is only for durable pools, which retain jobs: remove it, or set "
                    + $"{nameof(PoolOptions)}.{nameof(PoolOptions.DurableName)}."
                : $"{nameof(JobOptions)}.{nameof(JobOptions.Key)} does not apply to a lazy map, whose chunks vary: remove it, or use "
                    + $"{nameof(MapAsync)}.",
            nameof(options));
    }

    private static async Task WaitForAcceptanceAsync(JobHandle handle, CancellationToken cancellationToken)
    {
        try
        {
            await handle.Accepted.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // The caller receives this exception and no handle.
            handle.Pending.MarkSeen();
            throw;
        }
    }
}
