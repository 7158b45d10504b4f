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
        IClientRuntime runtime, ObjectProxy service, PreparedCall call, CancellationToken cancellationToken)
    {
        var bundle = await runtime.ProvideCodeAsync(isKept: false, cancellationToken).ConfigureAwait(false);
        var options = new PoolOptions { MaxAttempts = 1 };
        var session = await PoolSession.OpenAsync(runtime, ProcessPool.Spec(1, bundle, options), options, null, cancellationToken).ConfigureAwait(false);
        var process = new ServiceProcess(session);
        try
        {
            var job = new JobHandle<bool>(static _ => true, new JobControl(session, null));
            session.Submit(job.Pending, call, 0, 1, CancellationToken.None);
            session.Close(cancelPending: false);
            await AwaitAsync(job, service, cancellationToken).ConfigureAwait(false);
            return process;
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the process and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        _session.Terminate();
        await Task.WhenAny(_session.Finished).ConfigureAwait(false);
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
