using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Forwards the progress of a worker's jobs, as seldom as a worker of this library sends it. A job can write more frames, and the newest
/// value counts. Thread-safe.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="send">Sends a value to the pool.</param>
public sealed class WorkerProgress(TimeProvider clock, Action<JobId, ProgressValue> send) : IDisposable
{
    /// <summary>The most values that wait. A job has one for each <see cref="IProgress{T}"/> of its call.</summary>
    private const int MaxUnsent = 64;

    private readonly ProgressReporter<(JobId Job, int Number)> _reporter =
        new(clock, (key, value) => send(key.Job, new ProgressValue(key.Number, value)), sendsInline: true);

    /// <summary>Adds a value. It is sent now, or soon.</summary>
    /// <exception cref="InvalidDataException">No job reports so many values at once.</exception>
    public void AddValue(JobId job, ProgressValue value)
    {
        _reporter.Report((job, value.Number), value.Value);
        if (_reporter.UnsentCount > MaxUnsent)
            throw new InvalidDataException($"The worker reports more than {MaxUnsent} values of progress at once.");
    }

    /// <summary>Sends the last values. Call it before the end of a job is reported.</summary>
    public void SendLast() => _reporter.SendNewest();

    /// <inheritdoc/>
    public void Dispose() => _reporter.Dispose();
}
