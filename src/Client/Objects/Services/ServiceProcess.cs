using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Objects.Kinds;
using Actors.Pools;
using Actors.Runtime;

namespace Actors.Objects.Services;

/// <summary>The process of a service: a pool with one worker and one job, which ends with the service.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly PoolSession _session;

    private ServiceProcess(PoolSession session) => _session = session;

    /// <summary>Starts the process. Returns when the service is ready.</summary>
    /// <exception cref="Exception">The exception of the factory.</exception>
    public static async Task<ServiceProcess> StartServiceAsync(
        IClientRuntime runtime, ObjectProxy service, PreparedCall call, PoolInitializer? initializer, CancellationToken cancellationToken)
    {
        var process = await OpenProcessAsync(runtime, initializer, cancellationToken).ConfigureAwait(false);
        try
        {
            await AwaitServiceAsync(process.SubmitCall(call), service, cancellationToken).ConfigureAwait(false);
            return process;
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs a function in a separate process.</summary>
    /// <exception cref="Exception">The exception of the function.</exception>
    public static async Task RunFunctionAsync(IClientRuntime runtime, PreparedCall call, CancellationToken cancellationToken)
    {
        var process = await OpenProcessAsync(runtime, null, cancellationToken).ConfigureAwait(false);
        await using var end = process.ConfigureAwait(false);
        await process.SubmitCall(call).Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Terminates the process and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        _session.Terminate();
        await Task.WhenAny(_session.Finished).ConfigureAwait(false);
    }

    private static async Task<ServiceProcess> OpenProcessAsync(
        IClientRuntime runtime, PoolInitializer? initializer, CancellationToken cancellationToken)
    {
        var options = new PoolOptions { MaxAttempts = 1, Initializer = initializer };
        var bundle = await runtime.ProvideCodeAsync(options.Files, isDurable: false, cancellationToken).ConfigureAwait(false);
        var spec = ProcessPool.CreateSpec(1, bundle, options);
        return new(await PoolSession.OpenAsync(runtime, spec, options, null, cancellationToken).ConfigureAwait(false));
    }

    private ActionJobHandle SubmitCall(PreparedCall call)
    {
        var job = new ActionJobHandle(new JobControl(_session, null));
        _session.SubmitJob(job.Pending, call, JobPolicy.Once, CancellationToken.None);
        _session.Close(cancelPending: false);
        return job;
    }

    private static async Task AwaitServiceAsync(ActionJobHandle job, ObjectProxy service, CancellationToken cancellationToken)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var served = service.CallAsync(new ServiceAwait(), null, given.Token).AsTask();
        await Task.WhenAny(served, job.Completion).ConfigureAwait(false);
        if (served.IsCompleted)
        {
            await served.ConfigureAwait(false);
            return;
        }

        await given.CancelAsync().ConfigureAwait(false);
        await job.Completion.ConfigureAwait(false);
        throw new ServiceLostException("The process of the managed instance ended before it was ready. Check the output of the process.");
    }
}
