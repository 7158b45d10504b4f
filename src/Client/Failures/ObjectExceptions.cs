namespace Actors;

/// <summary>Thrown when a managed queue stayed full for the timeout, as Python's <c>queue.Full</c>.</summary>
public sealed class QueueFullException(string message) : TimeoutException(message);

/// <summary>Thrown when a managed queue stayed empty for the timeout, as Python's <c>queue.Empty</c>.</summary>
public sealed class QueueEmptyException(string message) : TimeoutException(message);

/// <summary>
/// Thrown when an item is put with the key of another item. Use another key, or put the same item; see
/// <see cref="ManagedQueue{T}.PutOnce"/>.
/// </summary>
/// <param name="key">The key.</param>
public sealed class QueueKeyConflictException(string key) : InvalidOperationException(
    $"Another item was put into the queue with the key '{key}'. Use a key for one item only.")
{
    /// <summary>Gets the key.</summary>
    public string Key { get; } = key;
}

/// <summary>
/// Thrown when an item is acknowledged that has returned to its queue, because the queue received nothing from this process for 6 s. The
/// item is delivered again. See <see cref="ReceivedItem{T}"/>.
/// </summary>
public sealed class ItemReturnedException() : InvalidOperationException(
    "The item has returned to its queue, because the queue received nothing from this process for a while. It is delivered again.");

/// <summary>Thrown when a managed object no longer exists: its manager was disposed, or it was deleted.</summary>
public sealed class ManagedObjectGoneException(string message) : InvalidOperationException(message);

/// <summary>Thrown when a lock is used or released without being held.</summary>
public sealed class LockNotHeldException(string message) : InvalidOperationException(message);

/// <summary>Thrown when the process of a managed instance has ended, and the state of the object was lost.</summary>
public sealed class ServiceLostException(string message) : InvalidOperationException(message);

/// <summary>Thrown when a barrier is broken, or was reset during a wait, as Python's <c>BrokenBarrierError</c>.</summary>
public sealed class BrokenBarrierException(string message) : InvalidOperationException(message);
