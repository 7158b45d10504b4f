namespace Actors;

/// <summary>A managed queue stayed full for the time allowed, as Python's <c>queue.Full</c>.</summary>
public sealed class QueueFullException(string message) : TimeoutException(message);

/// <summary>A managed queue stayed empty for the time allowed, as Python's <c>queue.Empty</c>.</summary>
public sealed class QueueEmptyException(string message) : TimeoutException(message);

/// <summary>The managed object is not there (any more): its manager was disposed.</summary>
public sealed class ManagedObjectGoneException(string message) : InvalidOperationException(message);

/// <summary>The lock is not held by who wants to release it.</summary>
public sealed class LockNotHeldException(string message) : InvalidOperationException(message);

/// <summary>The process in which an object of yours lived has ended, and its state with it.</summary>
public sealed class ServiceLostException(string message) : InvalidOperationException(message);
/// <summary>The barrier is broken, or was reset while this party waited, as Python's <c>BrokenBarrierError</c>.</summary>
public sealed class BrokenBarrierException(string message) : InvalidOperationException(message);
