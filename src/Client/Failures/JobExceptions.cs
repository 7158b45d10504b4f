namespace Actors;

/// <summary>
/// Thrown when a durable pool is opened by a program with an invalid or repeated job name. See <see cref="JobAttribute"/>.
/// </summary>
/// <param name="message">The name and the methods that have it.</param>
/// <param name="name">The name.</param>
public sealed class JobNameException(string message, string name) : InvalidOperationException(message)
{
    /// <summary>Gets the name.</summary>
    public string Name { get; } = name;
}

/// <summary>Thrown when a job exceeded its timeout. Its worker was killed and replaced; the job is not retried.</summary>
public sealed class JobTimedOutException(string message) : TimeoutException(message);

/// <summary>Thrown when a job was canceled by its caller.</summary>
public sealed class JobCanceledException(string message) : OperationCanceledException(message);

/// <summary>
/// Thrown when a job lost its worker (exit, crash or signal) in its last attempt. The message contains the last lines that the worker wrote
/// to standard error.
/// </summary>
public class WorkerLostException(string message, int attempts, IReadOnlyList<LostAttempt>? history = null) : Exception(message)
{
    /// <summary>Gets the attempts that lost their worker, oldest first; the message lists them too.</summary>
    public IReadOnlyList<LostAttempt> History { get; } = history ?? [];

    /// <summary>Gets the number of attempts.</summary>
    public int Attempts { get; } = attempts;
}

/// <summary>
/// Thrown when a job exceeded <see cref="PoolOptions.MaxMemoryPerWorker"/>. Its worker was killed; the job is not retried.
/// </summary>
public sealed class MemoryLimitExceededException(string message, int attempts, IReadOnlyList<LostAttempt>? history = null)
    : WorkerLostException(message, attempts, history);

/// <summary>Thrown when the pool was terminated or disposed before the job ended.</summary>
public sealed class PoolTerminatedException(string message) : InvalidOperationException(message);

/// <summary>
/// Thrown when the pool failed: its initializer threw, its workers do not start, or the cluster has no suitable worker node.
/// </summary>
public sealed class PoolFailedException(string message, Exception? inner = null) : InvalidOperationException(message, inner);

/// <summary>
/// Thrown when a job is submitted with the <see cref="JobOptions.Key"/> of an existing job whose function or arguments differ.
/// </summary>
public sealed class JobKeyConflictException(string message, string key, long jobId) : InvalidOperationException(message)
{
    /// <summary>Gets the key.</summary>
    public string Key { get; } = key;

    /// <summary>Gets the id of the job that has the key.</summary>
    public long JobId { get; } = jobId;
}

/// <summary>
/// Thrown when a durable pool does not know a job: the job was never accepted, or its outcome was received before or has expired.
/// </summary>
public sealed class JobNotFoundException(string message) : InvalidOperationException(message);
