using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Actors.Hosting;

/// <summary>
/// Reports a pool that is not open, has failed or has ended as unhealthy. Reports a pool that reconnects, or whose jobs have no worker, as
/// degraded.
/// </summary>
/// <param name="hosted">The pool.</param>
internal sealed class PoolHealthCheck(HostedPool hosted) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(hosted.Pool is { } pool
            ? DescribePool(pool, context.Registration.FailureStatus)
            : new HealthCheckResult(context.Registration.FailureStatus, "The pool is not open."));

    private static HealthCheckResult DescribePool(ProcessPool pool, HealthStatus failure)
    {
        var (workers, pending) = (pool.Workers.Count, pool.PendingJobs);
        var data = new Dictionary<string, object> { ["workers"] = workers, ["pendingJobs"] = pending };
        if (pool.EndReason is { } reason)
        {
            return new HealthCheckResult(
                failure, $"{reason.Message} The host does not open the pool again: restart the program.", reason, data);
        }

        if (pool.IsReconnecting)
            return HealthCheckResult.Degraded($"The coordinator is lost; the pool reconnects. {pending} jobs wait.", data: data);
        return workers == 0 && pending > 0
            ? HealthCheckResult.Degraded($"{pending} jobs wait, and no worker runs.", data: data)
            : HealthCheckResult.Healthy($"{workers} workers run, {pending} jobs are unfinished.", data);
    }
}
