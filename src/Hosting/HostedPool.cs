using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>
/// Opens a pool before the other hosted services start, and closes it after they have stopped. A pool that the program registers itself,
/// such as one for tests, is used but neither opened nor closed.
/// </summary>
/// <param name="name">The name of the pool.</param>
/// <param name="services">The services of the host.</param>
/// <param name="options">The options of all pools.</param>
/// <param name="logger">The log.</param>
internal sealed class HostedPool(
    string name, IServiceProvider services, IOptionsMonitor<HostedPoolOptions> options, ILogger<HostedPool> logger)
    : IHostedLifecycleService
{
    private CancellationToken _startToken;
    private bool _isOwner;

    /// <summary>The pool; null until it is open.</summary>
    public ProcessPool? Pool { get; private set; }

    /// <summary>
    /// Opens the pool. Blocks: the constructor of another hosted service may take the pool before the host starts any of them.
    /// </summary>
    public ProcessPool OpenPool()
    {
        var settings = options.Get(name);
        // The start is also canceled by Ctrl-C, for which the host has no other token before it starts a service.
        var stopping = services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        using var canceled = CancellationTokenSource.CreateLinkedTokenSource(_startToken, stopping);
        var token = canceled.Token;
        var pooled = settings.Pool with
        {
            Name = settings.Pool.Name ?? name,
            LoggerFactory = settings.Pool.LoggerFactory ?? services.GetService<ILoggerFactory>(),
        };
        // On another thread: the caller may have a synchronization context.
        var pool = Task.Run(() => ProcessPool.StartAsync(settings.Processes, settings.ConnectionString, pooled, token))
            .GetAwaiter().GetResult();
        _isOwner = true;
        Pool = pool;
        LogOpened(settings.ConnectionString);
        _ = LogFailureAsync(pool);
        return pool;
    }

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _startToken = cancellationToken;
        Pool = await Task.Run(() => services.GetRequiredKeyedService<ProcessPool>(name), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (Pool is not { } pool || !_isOwner)
            return;
        try
        {
            await (pool.IsDurable ? DetachPoolAsync(pool) : CompletePoolAsync(pool, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception exception) when (pool.FailureReason is not null)
        {
            HostingLog.PoolFailed(logger, name, exception);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void LogOpened(string? connection)
    {
        HostingLog.PoolOpened(logger, name, connection?.Split(';')[0] ?? "this machine");
        if (connection is null && services.GetRequiredService<UnusedConnections>().FindSimilar(name) is { } similar)
            HostingLog.ConnectionUnused(logger, name, similar);
    }

    /// <summary>Logs a failure of the pool when it happens: the pool is not opened again.</summary>
    private async Task LogFailureAsync(ProcessPool pool)
    {
        await pool.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (pool.FailureReason is { } failure)
            HostingLog.PoolEnded(logger, name, failure);
    }

    private async Task DetachPoolAsync(ProcessPool pool)
    {
        await pool.DisposeAsync().ConfigureAwait(false);
        if (pool.FailureReason is { } failure)
            HostingLog.PoolFailed(logger, name, failure);
        else if (options.Get(name).ConnectionString is null)
            HostingLog.PoolKept(logger, name);
        else
            HostingLog.PoolDetached(logger, name);
    }

    private async Task CompletePoolAsync(ProcessPool pool, CancellationToken shutdown)
    {
        try
        {
            HostingLog.PoolClosed(logger, name, await pool.CompleteAsync(shutdown).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            // Without the token: it is canceled already, and killing the workers takes milliseconds.
            var summary = await pool.TerminateAsync(CancellationToken.None).ConfigureAwait(false);
            HostingLog.JobsDropped(logger, name, summary.Dropped, summary);
        }
    }
}
