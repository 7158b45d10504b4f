namespace Actors;

/// <summary>A job ran over its timeout; its executor was killed and replaced. The job is not run again.</summary>
public sealed class JobTimedOutException(string message) : TimeoutException(message);

/// <summary>A job was cancelled by its caller.</summary>
public sealed class JobCancelledException(string message) : OperationCanceledException(message);

/// <summary>
/// The process that ran a job ended: exit, crash, or a signal. The job was started as often as it may be and is not tried again. The
/// message holds what the process last wrote to its standard error.
/// </summary>
public class WorkerLostException(string message, int attempts, IReadOnlyList<LostAttempt>? history = null) : Exception(message)
{
    /// <summary>Each start that ended with the loss of its executor, the first first; what the message says too.</summary>
    public IReadOnlyList<LostAttempt> History { get; } = history ?? [];

    /// <summary>How often the job was started.</summary>
    public int Attempts { get; } = attempts;
}

/// <summary>The executor was killed because the job took more memory than <see cref="PoolOptions.MaxMemoryPerWorker"/>. The job is not run again.</summary>
public sealed class MemoryLimitExceededException(string message, int attempts, IReadOnlyList<LostAttempt>? history = null)
    : WorkerLostException(message, attempts, history);

/// <summary>The pool was terminated or disposed before the job ended.</summary>
public sealed class PoolTerminatedException(string message) : InvalidOperationException(message);

/// <summary>The pool cannot run anything: its initializer threw, its executors do not start, or no worker node is there.</summary>
public sealed class PoolFailedException(string message, Exception? inner = null) : InvalidOperationException(message, inner);

/// <summary>The durable pool does not know the job: it was never accepted, its outcome was fetched before, or was kept for its time.</summary>
public sealed class JobNotFoundException(string message) : InvalidOperationException(message);
