using Actors.Messages.Functions;
using Actors.Messages.Objects;
using Actors.Pools;
using Actors.Runtime;

namespace Actors.Objects.Services;

/// <summary>The process in which a service lives: a pool of one with one job, which ends with the service.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly PoolSession _session;

    private ServiceProcess(PoolSession session) => _session = session;

    /// <summary>Starts the process; returns when it serves.</summary>
    /// <exception cref="Exception">What the factory threw.</exception>
    public static async Task<ServiceProcess> StartAsync(
        IClientRuntime runtime, ObjectProxy service, PreparedCall call, PoolInitializer? initializer, CancellationToken cancellationToken)
    {
        var process = await OpenAsync(runtime, initializer, cancellationToken).ConfigureAwait(false);
        try
        {
            await AwaitAsync(process.Submit(call), service, cancellationToken).ConfigureAwait(false);
            return process;
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs one function in a process of its own.</summary>
    /// <exception cref="Exception">What the function threw.</exception>
    public static async Task RunAsync(IClientRuntime runtime, PreparedCall call, CancellationToken cancellationToken)
    {
        var process = await OpenAsync(runtime, null, cancellationToken).ConfigureAwait(false);
        await using var end = process.ConfigureAwait(false);
        await process.Submit(call).Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the process and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        _session.Terminate();
        await Task.WhenAny(_session.Finished).ConfigureAwait(false);
    }

    private static async Task<ServiceProcess> OpenAsync(
        IClientRuntime runtime, PoolInitializer? initializer, CancellationToken cancellationToken)
    {
        var bundle = await runtime.ProvideCodeAsync(isKept: false, cancellationToken).ConfigureAwait(false);
        var options = new PoolOptions { MaxAttempts = 1, Initializer = initializer };
        var spec = ProcessPool.Spec(1, bundle, options);
        return new(await PoolSession.OpenAsync(runtime, spec, options, null, cancellationToken).ConfigureAwait(false));
    }

    private JobHandle<bool> Submit(PreparedCall call)
    {
        var job = new JobHandle<bool>(static _ => true, new JobControl(_session, null));
        _session.Submit(job.Pending, call, 0, 1, CancellationToken.None);
        _session.Close(cancelPending: false);
        return job;
    }

    private static async Task AwaitAsync(JobHandle<bool> job, ObjectProxy service, CancellationToken cancellationToken)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var served = service.CallAsync(ObjectOperation.AwaitService, null, 0, [], given.Token).AsTask();
        await Task.WhenAny(served, job.Completion).ConfigureAwait(false);
        if (served.IsCompleted)
        {
            await served.ConfigureAwait(false);
            return;
        }

        await given.CancelAsync().ConfigureAwait(false);
        await job.Completion.ConfigureAwait(false);
        throw new ServiceLostException("The process of the service ended before it served.");
    }
}
