using Actors.Messages.Functions;

namespace Actors;

/// <content>Waits until submitted jobs are accepted.</content>
public partial class ProcessPool
{
    internal async Task<JobHandle<T>> SubmitUntilAcceptedAsync<T>(
        PreparedCall call, JobOptions? options, CancellationToken cancellationToken)
    {
        var handle = SubmitCall<T>(call, options, cancellationToken);
        await WaitForAcceptanceAsync(handle, cancellationToken).ConfigureAwait(false);
        return handle;
    }

    internal async Task<ActionJobHandle> SubmitUntilAcceptedAsync(
        PreparedCall call, JobOptions? options, CancellationToken cancellationToken)
    {
        var handle = SubmitCall(call, options, cancellationToken);
        await WaitForAcceptanceAsync(handle, cancellationToken).ConfigureAwait(false);
        return handle;
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
