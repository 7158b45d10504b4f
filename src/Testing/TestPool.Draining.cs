namespace Actors.Testing;

/// <content>Running the jobs of a manual pool.</content>
public sealed partial class TestPool
{
    /// <summary>
    /// Runs the submitted jobs in order, and the jobs that these and callbacks submit, until nothing can run. Moves the virtual clock to
    /// the next timeout whenever jobs are outstanding and none can run. A job that hangs without a timeout stays unfinished.
    /// </summary>
    /// <remarks>
    /// Code that awaits a job and then submits another one continues on another thread, which this method does not wait for: pass its task
    /// to <see cref="DrainAsync(Task, CancellationToken)"/>.
    /// </remarks>
    /// <param name="cancellationToken">Cancels the wait for callbacks.</param>
    /// <exception cref="InvalidOperationException">The pool is not manual.</exception>
    public async Task DrainAsync(CancellationToken cancellationToken = default)
    {
        var session = RequireManual(nameof(DrainAsync));
        do
        {
            RunAll(session);
            await CallbacksIdle.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        while (session.RunNext());
    }

    /// <summary>Runs jobs, as <see cref="DrainAsync(CancellationToken)"/> does, until a task has completed, and awaits the task.</summary>
    /// <param name="work">The task of the code under test, which submits jobs and awaits them.</param>
    /// <param name="cancellationToken">Cancels the wait, such as for a task that waits for a job that hangs.</param>
    /// <exception cref="InvalidOperationException">The pool is not manual.</exception>
    /// <exception cref="Exception">The exception of the task.</exception>
    public async Task DrainAsync(Task work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        var session = RequireManual(nameof(DrainAsync));
        while (!work.IsCompleted)
        {
            var changed = _log.Changed;
            RunAll(session);
            await Task.WhenAny(work, changed).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        await work.ConfigureAwait(false);
    }

    /// <summary>Runs the next job, and waits for callbacks.</summary>
    /// <returns>True when a job was run; false when none is waiting.</returns>
    /// <exception cref="InvalidOperationException">The pool is not manual.</exception>
    public async Task<bool> RunNextAsync()
    {
        var hasRun = RequireManual(nameof(RunNextAsync)).RunOneJob();
        await CallbacksIdle.ConfigureAwait(false);
        return hasRun;
    }

    private void RunAll(SimulatedSession session)
    {
        do
        {
            session.RunAll();
        }
        while (PendingJobs > 0 && ((VirtualClock)Clock).AdvanceToNextSingleTimer());
    }

    private SimulatedSession RequireManual(string method) => Mode == TestPoolMode.Manual
        ? _simulated!
        : throw new InvalidOperationException(
            $"{method} is for pools of {nameof(TestPool)}.{nameof(Manual)}. This pool ({Mode}) runs its jobs by itself: await the handles, "
            + $"or {nameof(WaitUntilIdleAsync)}.");
}
