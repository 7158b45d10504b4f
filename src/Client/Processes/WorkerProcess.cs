using Actors.Logging;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Values;
using Actors.Pools;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// A process that runs one function, as Python's <c>multiprocessing.Process</c>. Its output appears on the console of this process. It
/// never outlives the process that started it. Thread-safe.
/// <example>
/// <code>
/// await using var process = await WorkerProcess.StartAsync(name => Console.WriteLine($"hello {name}"), "sxt");
/// await process.JoinAsync();
/// </code>
/// </example>
/// </summary>
public sealed partial class WorkerProcess : IAsyncDisposable
{
    /// <summary>The longest time that the end of the process waits for its output, which may have no reader.</summary>
    private static readonly TimeSpan TraceTimeout = TimeSpan.FromSeconds(1);

    private readonly PreparedCall _call;
    private readonly WorkerProcessOptions _options;
    private readonly TaskCompletionSource<WorkerInfo> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IClientRuntime? _runtime;
    private PoolSession? _session;
    private ActionJobHandle? _job;
    private Task _exiting = Task.CompletedTask;
    private int _isStarted;
    private int _isDisposed;

    /// <summary>
    /// Creates a process without starting it, as Python's <c>Process(target=…)</c>. The captured values of the function are its
    /// arguments.
    /// </summary>
    /// <param name="target">The function to run: any static method, lambda or instance method of the program's own assemblies.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="NotCarriedException">
    /// The function cannot be called in another process, or a captured value cannot be serialized.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public WorkerProcess(Action target, WorkerProcessOptions? options = null)
        : this(CallEncoder.PrepareCall(target), options ?? new WorkerProcessOptions())
    {
    }

    /// <inheritdoc cref="WorkerProcess(Action, WorkerProcessOptions?)"/>
    public WorkerProcess(Func<Task> target, WorkerProcessOptions? options = null)
        : this(CallEncoder.PrepareCall(target), options ?? new WorkerProcessOptions())
    {
    }

    private WorkerProcess(PreparedCall call, WorkerProcessOptions options)
    {
        options.Validate();
        (_call, _options) = (call, options);
        Name = options.Name ?? ProcessNames.NextName();
    }

    /// <summary>Gets the name, as Python's <c>name</c>.</summary>
    public string Name { get; }

    /// <summary>Gets whether the process ends with its owner, as Python's <c>daemon</c>.</summary>
    public bool IsDaemon => _options.IsDaemon;

    /// <summary>Gets the process id, as Python's <c>pid</c>.</summary>
    /// <exception cref="InvalidOperationException">The process was not started.</exception>
    public int ProcessId => Started.ProcessId;

    /// <summary>Gets whether the process runs, as Python's <c>is_alive()</c>; false before its start.</summary>
    public bool IsAlive => _started.Task.IsCompletedSuccessfully && !_exited.Task.IsCompleted;

    /// <summary>
    /// Gets the exit code, as Python's <c>exitcode</c>: 0 when the function returned, 1 when it threw, the code passed to exit, or the
    /// negative number of the signal that ended the process. Null until the process has ended.
    /// </summary>
    public int? ExitCode => _exited.Task.IsCompletedSuccessfully ? _exited.Task.Result : null;

    /// <summary>
    /// Gets the exception of the function, which is also written to <see cref="WorkerProcessOptions.Error"/>. Null while the process runs,
    /// when the function returned, and when the process ended in another way: see <see cref="ExitCode"/>.
    /// </summary>
    public Exception? Exception { get; private set; }

    /// <summary>
    /// Gets a task that completes with the exit code when the process ends, to wait for several processes: Python's <c>sentinel</c>.
    /// </summary>
    public Task<int> Exited => _exited.Task;

    private WorkerInfo Started => _started.Task.IsCompletedSuccessfully
        ? _started.Task.Result
        : throw new InvalidOperationException($"Process {Name} was not started: call {nameof(StartAsync)} first.");

    /// <summary>Starts the process, as Python's <c>start()</c>. Returns when the process runs.</summary>
    /// <exception cref="InvalidOperationException">The process was started before.</exception>
    /// <exception cref="ObjectDisposedException">The object was disposed.</exception>
    /// <exception cref="PoolFailedException">The process could not be started.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
        {
            throw new InvalidOperationException(
                $"Process {Name} was started before: create a new {nameof(WorkerProcess)} to run the function again.");
        }

        var spec = ProcessPool.CreateSpec(1, BundleId.ThisProcess, new PoolOptions());
        var runtime = await ClientRuntime.FindConnection(_options.Connect).AcquireUseAsync(
            TimeoutRule.RequireValid(_options.ConnectTimeout), cancellationToken, spec).ConfigureAwait(false);
        try
        {
            await OpenSessionAsync(runtime, cancellationToken).ConfigureAwait(false);
            await RunFunctionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _session?.Terminate();
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Waits until the process has ended, as Python's <c>join()</c>. Does not throw the exception of the function: read
    /// <see cref="ExitCode"/> and <see cref="Exception"/>.
    /// </summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidOperationException">The process was not started.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost.</exception>
    public Task<int> JoinAsync(CancellationToken cancellationToken = default)
    {
        _ = Started;
        return _exited.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until the process has ended or the timeout has passed, as Python's <c>join(timeout)</c>.</summary>
    /// <returns>True when it has ended; false when the timeout passed first.</returns>
    /// <exception cref="InvalidOperationException">The process was not started.</exception>
    public async Task<bool> JoinAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var limit = TimeoutRule.RequireValid(timeout);
        _ = Started;
        await Task.WhenAny(_exited.Task, Task.Delay(limit, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_exited.Task.IsCompleted)
            return false;
        await _exited.Task.ConfigureAwait(false);
        return true;
    }

    /// <summary>Blocking form of <see cref="JoinAsync(TimeSpan, CancellationToken)"/>; a null timeout waits without limit.</summary>
    /// <returns>True when it has ended; false when the timeout passed first.</returns>
    /// <exception cref="InvalidOperationException">The process was not started.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public bool Join(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limit = TimeoutRule.RequireValid(timeout);
        _ = Started;
        if (!Task.WhenAny(_exited.Task).Wait(limit, cancellationToken))
            return false;
        // Throws the loss of the coordinator without a wrapper exception.
        _ = _exited.Task.GetAwaiter().GetResult();
        return true;
    }

    /// <summary>
    /// Sends SIGTERM to the process, as Python's <c>terminate()</c>: its handlers for that signal run, and without any it ends with -15. On
    /// systems without that signal this is <see cref="Kill"/>. Does nothing when the process has ended.
    /// </summary>
    /// <exception cref="InvalidOperationException">The process was not started.</exception>
    public void Terminate()
    {
        if (Started is var process && IsAlive)
            _session!.TerminateWorker(process.Id);
    }

    /// <summary>Kills the process, as Python's <c>kill()</c>: no finally block runs. Does nothing when the process has ended.</summary>
    /// <exception cref="InvalidOperationException">The process was not started.</exception>
    public void Kill()
    {
        if (Started is var process && IsAlive)
            _session!.KillWorker(process.Id);
    }

    /// <summary>
    /// Kills the process if it is a daemon, otherwise waits for its end; then releases its resources. Python's <c>close()</c> raises
    /// <c>ValueError</c> while the process runs.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0 || _session is null)
            return;
        if (!IsDaemon)
            await Task.WhenAny(_session.Finished).ConfigureAwait(false);
        _session.Terminate();
        await Task.WhenAny(_session.Finished).ConfigureAwait(false);
        await _exiting.ConfigureAwait(false);
        // Remainders of the session, such as timers of its actor, must not keep this object alive.
        _session.WorkerChanged -= OnWorkerChanged;
        WorkerProcesses.RemoveProcess(this);
        await _runtime!.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Returns the name, the state and the exit code, as Python's <c>repr</c>.</summary>
    public override string ToString() => this switch
    {
        { ExitCode: { } code } => $"WorkerProcess({Name}, stopped, exit code {code})",
        { IsAlive: true } => $"WorkerProcess({Name}, started, process {ProcessId}{(IsDaemon ? ", daemon" : "")})",
        _ => $"WorkerProcess({Name}, initial)",
    };

    private async Task OpenSessionAsync(IClientRuntime runtime, CancellationToken cancellationToken)
    {
        var options = new PoolOptions
        {
            MaxAttempts = 1,
            ConnectTimeout = _options.ConnectTimeout,
            Output = _options.Output,
            Error = _options.Error,
        };
        var bundle = await runtime.ProvideCodeAsync(options.Files, isDurable: false, cancellationToken).ConfigureAwait(false);
        var spec = ProcessPool.CreateSpec(1, bundle, options) with { Name = Name };
        _session = await PoolSession.OpenAsync(runtime, spec, options, null, cancellationToken).ConfigureAwait(false);
        _runtime = runtime;
        _session.WorkerChanged += OnWorkerChanged;
        // The process may have started before this line.
        foreach (var executor in _session.Workers.Values)
            OnWorkerChanged(executor);
    }

    /// <summary>
    /// Submits the function as the only job of a pool with one worker, and closes the pool, so that the worker ends with the job.
    /// </summary>
    private async Task RunFunctionAsync(CancellationToken cancellationToken)
    {
        var session = _session!;
        _job = new ActionJobHandle(new JobControl(session, null), OnJobEnded);
        _job.Pending.Reports = JobReports.FromCall(_call, callbacks: null);
        var policy = new JobOrigins(Guid.NewGuid(), session.Clock).AddTo(JobPolicy.Once);
        session.SubmitJob(_job.Pending, _call, policy, CancellationToken.None);
        session.Close(cancelPending: false);
        _ = WatchEndAsync(session);
        await Task.WhenAny(_started.Task, session.Finished).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_started.Task.IsCompleted)
            await _job.Completion.ConfigureAwait(false);
        WorkerProcesses.AddProcess(this);
    }

    private void OnJobEnded(Task<Nothing> job)
    {
        // Any other end shows in the exit code.
        if (_job!.EndState == JobState.Failed && job.Exception!.InnerExceptions[0] is var thrown and not PoolFailedException)
            Exception = thrown;
    }

    private async Task WatchEndAsync(PoolSession session)
    {
        try
        {
            await session.Finished.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Any failure ends the waits for an unreachable process.
            _started.TrySetException(exception);
            _exited.TrySetException(exception);
        }
    }

    private void OnWorkerChanged(WorkerInfo executor)
    {
        if (!executor.HasExited)
            _started.TrySetResult(executor);
        else if (executor.ExitCode is { } code)
            _exiting = PublishExitAsync(code == 0 && _job!.Completion.IsFaulted ? 1 : code);
    }

    /// <summary>Publishes the exit code after the output of the process.</summary>
    private async Task PublishExitAsync(int code)
    {
        await WriteTraceAsync().WaitAsync(TraceTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _exited.TrySetResult(code);
    }

    /// <summary>Writes the exception of the function, as Python does.</summary>
    private Task WriteTraceAsync()
    {
        var text = Exception is null ? "" : $"Process {Name}: the function threw an exception.\n{Exception}\n";
        var written = _session!.WriteErrorAsync(_options.Error is null ? "" : text);
        return _options.Error is not null || text.Length == 0
            ? written
            : Task.WhenAll(written, StandardError.WriteLineAsync(text.TrimEnd()));
    }
}
