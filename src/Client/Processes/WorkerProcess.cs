using Actors.Messages.Functions;
using Actors.Pools;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// One process that runs one function and ends, as Python's <c>multiprocessing.Process</c>. What it prints appears on this process's
/// console. It never outlives the process that started it. Thread-safe.
/// <example>
/// <code>
/// await using var process = await WorkerProcess.StartAsync(name => Console.WriteLine($"hello {name}"), "sxt");
/// await process.JoinAsync();
/// </code>
/// </example>
/// </summary>
public sealed partial class WorkerProcess : IAsyncDisposable
{
    private readonly IClientRuntime _runtime;
    private readonly PoolSession _session;
    private readonly TaskCompletionSource<ExecutorInfo> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JobHandle<bool>? _job;
    private int _isDisposed;

    private WorkerProcess(IClientRuntime runtime, PoolSession session)
    {
        _runtime = runtime;
        _session = session;
        _session.ExecutorChanged += OnExecutorChanged;
    }

    /// <summary>The process id, as Python's <c>pid</c>.</summary>
    public int ProcessId => _started.Task.Result.ProcessId;

    /// <summary>Whether the process still runs, as Python's <c>is_alive()</c>.</summary>
    public bool IsAlive => !_exited.Task.IsCompleted;

    /// <summary>
    /// Null while the process runs; then 0 when the function returned, 1 when it threw, the code it exited with, or the negative number of
    /// the signal that ended it, as Python's <c>exitcode</c>.
    /// </summary>
    public int? ExitCode => _exited.Task.IsCompletedSuccessfully ? _exited.Task.Result : null;

    /// <summary>Waits until the process has ended, as Python's <c>join()</c>. Does not throw what the function threw: look at <see cref="ExitCode"/>.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CoordinatorLostException">The coordinator is gone.</exception>
    public Task<int> JoinAsync(CancellationToken cancellationToken = default) => _exited.Task.WaitAsync(cancellationToken);

    /// <summary>Waits until the process has ended, at most for the given time.</summary>
    /// <returns>Whether it has ended.</returns>
    public async Task<bool> JoinAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        await Task.WhenAny(_exited.Task, Task.Delay(timeout, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return _exited.Task.IsCompleted;
    }

    /// <summary>Ends the process at once, as Python's <c>kill()</c>: no finally block runs. Nothing when it has ended.</summary>
    public void Kill()
    {
        if (IsAlive)
            _session.Kill(_started.Task.Result.Id);
    }

    /// <summary>Kills the process if it still runs, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        _session.Terminate();
        await Task.WhenAny(_session.Finished).ConfigureAwait(false);
        await _runtime.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<WorkerProcess> StartAsync(PreparedCall call, string? connect, CancellationToken cancellationToken)
    {
        var options = new PoolOptions { MaxAttempts = 1 };
        var runtime = await ClientRuntime.AcquireAsync(connect, cancellationToken).ConfigureAwait(false);
        try
        {
            var bundle = await runtime.ProvideCodeAsync(cancellationToken).ConfigureAwait(false);
            var session = await PoolSession.OpenAsync(runtime, ProcessPool.Spec(1, bundle, options), options, cancellationToken)
                .ConfigureAwait(false);
            var process = new WorkerProcess(runtime, session);
            await process.RunAsync(call, cancellationToken).ConfigureAwait(false);
            return process;
        }
        catch
        {
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A pool of one with one job: closed behind it, its executor ends with the job.</summary>
    private async Task RunAsync(PreparedCall call, CancellationToken cancellationToken)
    {
        _job = new JobHandle<bool>(static _ => true, _session.Cancel);
        _session.Submit(_job.Pending, call, 0, 1, CancellationToken.None);
        _session.Close();
        _ = WatchJobAsync(_job);
        _ = WatchEndAsync();
        await Task.WhenAny(_started.Task, _session.Finished).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_started.Task.IsCompleted)
            await _job.Completion.ConfigureAwait(false);
    }

    /// <summary>What the function threw is printed, as Python does with the exception of a process.</summary>
    private static async Task WatchJobAsync(JobHandle<bool> job)
    {
        try
        {
            await job.Completion.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (WorkerLostException or PoolTerminatedException or PoolFailedException))
        {
            await Console.Error.WriteLineAsync($"WorkerProcess: the function threw.\n{exception}").ConfigureAwait(false);
        }
        catch (InvalidOperationException)
        {
            // The exit code says it.
        }
        catch (WorkerLostException)
        {
            // The exit code says it.
        }
    }

    private async Task WatchEndAsync()
    {
        try
        {
            await _session.Finished.ConfigureAwait(false);
        }
        catch (CoordinatorLostException exception)
        {
            _started.TrySetException(exception);
            _exited.TrySetException(exception);
        }
    }

    private void OnExecutorChanged(ExecutorInfo executor)
    {
        if (!executor.HasExited)
            _started.TrySetResult(executor);
        else if (executor.ExitCode is { } code)
            _exited.TrySetResult(code == 0 && _job!.Completion.IsFaulted ? 1 : code);
    }
}
