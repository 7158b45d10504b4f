namespace Actors.Faults.Tests.Programs;

/// <summary>
/// A program under a supervisor, which starts it again whenever it ends, as <c>restart: always</c> in a compose file. Disposing kills it.
/// </summary>
internal sealed class SupervisedProgram : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Func<RoleProcess> _start;
    private readonly string _readyLine;
    private readonly List<RoleProcess> _runs = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _supervision;
    private bool _isHeld;
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="name">The name for messages.</param>
    /// <param name="start">Starts the program.</param>
    /// <param name="readyLine">The beginning of the line that it prints when it is ready.</param>
    public SupervisedProgram(string name, Func<RoleProcess> start, string readyLine)
    {
        (Name, _start, _readyLine) = (name, start, readyLine);
        Launch();
        _supervision = Task.Run(SuperviseAsync);
    }

    public string Name { get; }

    /// <summary>The process that runs, or ended last.</summary>
    public RoleProcess Current
    {
        get
        {
            lock (_lock)
                return _runs[^1];
        }
    }

    /// <summary>The number of starts.</summary>
    public int Starts
    {
        get
        {
            lock (_lock)
                return _runs.Count;
        }
    }

    /// <summary>The output lines of all its runs.</summary>
    public string Log
    {
        get
        {
            lock (_lock)
                return string.Join('\n', _runs.Select(run => $"== {Name}: {run}\n{run.Log}"));
        }
    }

    /// <summary>Waits until it is ready, in its current or a later run.</summary>
    public Task UntilReadyAsync() => Guard.UntilAsync(
        () => !Current.HasExited && Current.Output.Split('\n').Any(line => line.StartsWith(_readyLine, StringComparison.Ordinal)),
        Guard.LongestFailover * 2);

    /// <summary>Ends it with SIGKILL. The supervisor starts it again.</summary>
    public void Kill() => Current.Kill();

    /// <summary>Ends it with SIGKILL, and does not start it again before <see cref="Release"/>.</summary>
    public async Task KillAndHoldAsync()
    {
        lock (_lock)
            (_isHeld, _released) = (true, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Current.Kill();
        await Current.ExitAsync();
    }

    /// <summary>Starts it again after <see cref="KillAndHoldAsync"/>.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _isHeld = false;
            _released.TrySetResult();
        }
    }

    /// <summary>Asks it to stop with SIGTERM, and waits until it has been started again and is ready.</summary>
    public async Task RestartAsync()
    {
        var starts = Starts;
        Current.Terminate();
        await Guard.UntilAsync(() => Starts > starts, Guard.LongestFailover);
        await UntilReadyAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        Release();
        await _supervision;
        foreach (var run in Runs())
            await run.DisposeAsync();
        _stopped.Dispose();
    }

    private List<RoleProcess> Runs()
    {
        lock (_lock)
            return [.. _runs];
    }

    private void Launch()
    {
        lock (_lock)
        {
            if (!_stopped.IsCancellationRequested)
                _runs.Add(_start());
        }
    }

    private async Task SuperviseAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            await Guard.UntilAsync(() => Current.HasExited || _stopped.IsCancellationRequested, Timeout.InfiniteTimeSpan);
            Task release;
            lock (_lock)
                release = _isHeld ? _released.Task : Task.CompletedTask;
            await release;
            if (!_stopped.IsCancellationRequested)
                Launch();
        }
    }
}
