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
    /// <summary>How long the end of the process waits for the output before it. Nobody may read that.</summary>
    private static readonly TimeSpan TraceTimeout = TimeSpan.FromSeconds(1);

    private readonly PreparedCall _call;
    private readonly WorkerProcessOptions _options;
    private readonly TaskCompletionSource<WorkerInfo> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IClientRuntime? _runtime;
    private PoolSession? _session;
    private JobHandle<bool>? _job;
    private Task _exiting = Task.CompletedTask;
    private int _isStarted;
    private int _isDisposed;

    /// <summary>A process that is not started yet, as Python's <c>Process(target=…)</c>; what the function captures are its arguments.</summary>
    /// <param name="target">What it runs: any static method, lambda or instance method of the program's own assemblies.</param>
    /// <param name="options">How it is to be.</param>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or what it captures cannot travel.</exception>
    public WorkerProcess(Action target, WorkerProcessOptions? options = null)
        : this(CallEncoder.Single(target), options ?? new WorkerProcessOptions())
    {
    }

    /// <inheritdoc cref="WorkerProcess(Action, WorkerProcessOptions?)"/>
    public WorkerProcess(Func<Task> target, WorkerProcessOptions? options = null)
        : this(CallEncoder.Single(target), options ?? new WorkerProcessOptions())
    {
    }

    private WorkerProcess(PreparedCall call, WorkerProcessOptions options)
    {
        (_call, _options) = (call, options);
        Name = options.Name ?? ProcessNames.Next();
    }

    /// <summary>What it is called, as Python's <c>name</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it ends with its owner, as Python's <c>daemon</c>.</summary>
    public bool IsDaemon => _options.IsDaemon;

    /// <summary>The process id, as Python's <c>pid</c>.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public int ProcessId => Started.ProcessId;

    /// <summary>Whether the process runs, as Python's <c>is_alive()</c>; false before it is started.</summary>
    public bool IsAlive => _started.Task.IsCompletedSuccessfully && !_exited.Task.IsCompleted;

    /// <summary>
    /// Null until the process has ended; then 0 when the function returned, 1 when it threw, the code it exited with, or the negative number of
    /// the signal that ended it, as Python's <c>exitcode</c>.
    /// </summary>
    public int? ExitCode => _exited.Task.IsCompletedSuccessfully ? _exited.Task.Result : null;

    /// <summary>
    /// What the function threw, as its trace that is written to <see cref="WorkerProcessOptions.Error"/> shows it. Null while it runs, when it returned, and when
    /// the process ended in another way: see <see cref="ExitCode"/>.
    /// </summary>
    public Exception? Exception { get; private set; }

    /// <summary>Ends, with the exit code, when the process does: Python's <c>sentinel</c>, to be waited for together with others.</summary>
    public Task<int> Exited => _exited.Task;

    private WorkerInfo Started => _started.Task.IsCompletedSuccessfully
        ? _started.Task.Result
        : throw new InvalidOperationException($"{Name} has not been started: call {nameof(StartAsync)} first.");

    /// <summary>Starts the process; returns when it runs, as Python's <c>start()</c>.</summary>
    /// <exception cref="InvalidOperationException">It was started before: a process runs once.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    /// <exception cref="PoolFailedException">It did not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
            throw new InvalidOperationException($"{Name} was started before, and a process runs once: make another.");
        var runtime = await ClientRuntime.AcquireAsync(_options.Connect, cancellationToken).ConfigureAwait(false);
        try
        {
            await OpenAsync(runtime, cancellationToken).ConfigureAwait(false);
            await RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _session?.Terminate();
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Waits until the process has ended, as Python's <c>join()</c>. Does not throw what the function threw: look at <see cref="ExitCode"/> and
    /// <see cref="Exception"/>.
    /// </summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator is gone.</exception>
    public Task<int> JoinAsync(CancellationToken cancellationToken = default)
    {
        _ = Started;
        return _exited.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until the process has ended, at most for the given time.</summary>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public async Task<bool> JoinAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var limit = TimeoutRule.Require(timeout);
        _ = Started;
        await Task.WhenAny(_exited.Task, Task.Delay(limit, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_exited.Task.IsCompleted)
            return false;
        await _exited.Task.ConfigureAwait(false);
        return true;
    }

    /// <summary>As <see cref="JoinAsync(TimeSpan, CancellationToken)"/>, blocking the thread; null waits for ever.</summary>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator is gone.</exception>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public bool Join(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limit = TimeoutRule.Require(timeout);
        _ = Started;
        if (!Task.WhenAny(_exited.Task).Wait(limit, cancellationToken))
            return false;
        // The coordinator's loss as it is, not wrapped.
        _ = _exited.Task.GetAwaiter().GetResult();
        return true;
    }

    /// <summary>
    /// Asks the process to end, as Python's <c>terminate()</c> (SIGTERM): what it registered for that signal runs, otherwise it ends with -15. Where
    /// the system has no such signal this is <see cref="Kill"/>. Nothing when it has ended.
    /// </summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public void Terminate()
    {
        if (Started is var process && IsAlive)
            _session!.TerminateExecutor(process.Id);
    }

    /// <summary>Ends the process at once, as Python's <c>kill()</c>: no finally block runs. Nothing when it has ended.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public void Kill()
    {
        if (Started is var process && IsAlive)
            _session!.Kill(process.Id);
    }

    /// <summary>
    /// Kills the process if it is a daemon and still runs, else waits for its end; then lets go of it. Python's <c>close()</c>, which raises
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
        // What is left of the session, such as timers of its actor, must not keep this object.
        _session.WorkerChanged -= OnExecutorChanged;
        WorkerProcesses.Remove(this);
        await _runtime!.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>For people: the name, the state and the exit code, as Python's <c>repr</c>.</summary>
    public override string ToString() => this switch
    {
        { ExitCode: { } code } => $"WorkerProcess({Name}, stopped, exit code {code})",
        { IsAlive: true } => $"WorkerProcess({Name}, started, process {ProcessId}{(IsDaemon ? ", daemon" : "")})",
        _ => $"WorkerProcess({Name}, initial)",
    };

    private async Task OpenAsync(IClientRuntime runtime, CancellationToken cancellationToken)
    {
        var options = new PoolOptions { MaxAttempts = 1, Output = _options.Output, Error = _options.Error };
        var bundle = await runtime.ProvideCodeAsync(isKept: false, cancellationToken).ConfigureAwait(false);
        var spec = ProcessPool.Spec(1, bundle, options) with { Name = Name };
        _session = await PoolSession.OpenAsync(runtime, spec, options, null, cancellationToken).ConfigureAwait(false);
        _runtime = runtime;
        _session.WorkerChanged += OnExecutorChanged;
    }

    /// <summary>A pool of one with one job: closed behind it, its executor ends with the job.</summary>
    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var session = _session!;
        _job = new JobHandle<bool>(static _ => true, new JobControl(session, null), OnJobEnded);
        session.Submit(_job.Pending, _call, 0, 1, CancellationToken.None);
        session.Close(cancelPending: false);
        _ = WatchEndAsync(session);
        await Task.WhenAny(_started.Task, session.Finished).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_started.Task.IsCompleted)
            await _job.Completion.ConfigureAwait(false);
        WorkerProcesses.Add(this);
    }

    private void OnJobEnded(Task<bool> job)
    {
        // Otherwise the exit code says what happened.
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
            // Whatever ended the session: nobody shall wait for a process that cannot be heard of.
            _started.TrySetException(exception);
            _exited.TrySetException(exception);
        }
    }

    private void OnExecutorChanged(WorkerInfo executor)
    {
        if (!executor.HasExited)
            _started.TrySetResult(executor);
        else if (executor.ExitCode is { } code)
            _exiting = ExitAsync(code == 0 && _job!.Completion.IsFaulted ? 1 : code);
    }

    /// <summary>Behind what the process itself has written, and before anybody learns of its end.</summary>
    private async Task ExitAsync(int code)
    {
        await WriteTraceAsync().WaitAsync(TraceTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _exited.TrySetResult(code);
    }

    /// <summary>What the function threw is printed, as Python does with the exception of a process.</summary>
    private Task WriteTraceAsync()
    {
        var text = Exception is null ? "" : $"{Name}: the function threw.\n{Exception}\n";
        var written = _session!.WriteErrorAsync(_options.Error is null ? "" : text);
        return _options.Error is not null || text.Length == 0
            ? written
            : Task.WhenAll(written, StandardError.WriteLineAsync(text.TrimEnd()));
    }
}
