using Actors.Messages.Objects;
using Actors.Objects;
using Actors.Runtime;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>Creates a lock, as Python's <c>manager.Lock()</c>.</summary>
    public async Task<ManagedLock> CreateLockAsync(CancellationToken cancellationToken = default) =>
        new(await CreateAsync(ObjectKind.Lock, 0, [], cancellationToken).ConfigureAwait(false));

    /// <summary>Blocking form of <see cref="CreateLockAsync"/>.</summary>
    public ManagedLock CreateLock() => CreateLockAsync().WaitForResult();

    /// <summary>Creates a reentrant lock, as Python's <c>manager.RLock()</c>.</summary>
    public async Task<ManagedReentrantLock> CreateReentrantLockAsync(CancellationToken cancellationToken = default) =>
        new(await CreateAsync(ObjectKind.ReentrantLock, 0, [], cancellationToken).ConfigureAwait(false));

    /// <summary>Blocking form of <see cref="CreateReentrantLockAsync"/>.</summary>
    public ManagedReentrantLock CreateReentrantLock() => CreateReentrantLockAsync().WaitForResult();

    /// <summary>Creates a condition with its own reentrant lock, as Python's <c>manager.Condition()</c>.</summary>
    public async Task<ManagedCondition> CreateConditionAsync(CancellationToken cancellationToken = default) =>
        NewCondition((await CreateReentrantLockAsync(cancellationToken).ConfigureAwait(false)).Access);

    /// <summary>Blocking form of <see cref="CreateConditionAsync(CancellationToken)"/>.</summary>
    public ManagedCondition CreateCondition() => CreateConditionAsync().WaitForResult();

    /// <summary>
    /// Creates a condition for a lock, as Python's <c>manager.Condition(lock)</c>. A lock can have several conditions. Sends no message.
    /// </summary>
    public ManagedCondition CreateCondition(ManagedLock managedLock)
    {
        ArgumentNullException.ThrowIfNull(managedLock);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return NewCondition(managedLock.Access);
    }

    /// <inheritdoc cref="CreateCondition(ManagedLock)"/>
    public ManagedCondition CreateCondition(ManagedReentrantLock managedLock)
    {
        ArgumentNullException.ThrowIfNull(managedLock);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return NewCondition(managedLock.Access);
    }

    /// <summary>Creates a semaphore, as Python's <c>manager.Semaphore(value)</c>.</summary>
    /// <param name="initialCount">The initial number of permits.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<ManagedSemaphore> CreateSemaphoreAsync(int initialCount = 1, CancellationToken cancellationToken = default) =>
        CreateSemaphoreAsync(initialCount, isBounded: false, cancellationToken);

    /// <summary>Blocking form of <see cref="CreateSemaphoreAsync(int, CancellationToken)"/>.</summary>
    public ManagedSemaphore CreateSemaphore(int initialCount = 1) => CreateSemaphoreAsync(initialCount).WaitForResult();

    /// <summary>Creates a semaphore that never exceeds its initial count, as Python's <c>manager.BoundedSemaphore(value)</c>.</summary>
    /// <param name="initialCount">The initial and highest number of permits.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<ManagedSemaphore> CreateBoundedSemaphoreAsync(int initialCount = 1, CancellationToken cancellationToken = default) =>
        CreateSemaphoreAsync(initialCount, isBounded: true, cancellationToken);

    /// <summary>Blocking form of <see cref="CreateBoundedSemaphoreAsync"/>.</summary>
    public ManagedSemaphore CreateBoundedSemaphore(int initialCount = 1) =>
        CreateBoundedSemaphoreAsync(initialCount).WaitForResult();

    /// <summary>Creates an event, initially not set, as Python's <c>manager.Event()</c>.</summary>
    public async Task<ManagedEvent> CreateEventAsync(CancellationToken cancellationToken = default) =>
        new(await CreateAsync(ObjectKind.Event, 0, [], cancellationToken).ConfigureAwait(false));

    /// <summary>Blocking form of <see cref="CreateEventAsync"/>.</summary>
    public ManagedEvent CreateEvent() => CreateEventAsync().WaitForResult();

    /// <summary>Creates a barrier, as Python's <c>manager.Barrier(parties, timeout=…)</c>.</summary>
    /// <param name="participantCount">The number of parties.</param>
    /// <param name="timeout">The default timeout of a wait; null waits without limit.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ManagedBarrier> CreateBarrierAsync(
        int participantCount, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(participantCount);
        var limit = TimeoutRule.RequireValid(timeout);
        return new(
            await CreateAsync(ObjectKind.Barrier, participantCount, [], cancellationToken).ConfigureAwait(false), participantCount, limit);
    }

    /// <summary>Blocking form of <see cref="CreateBarrierAsync"/>.</summary>
    public ManagedBarrier CreateBarrier(int participantCount, TimeSpan? timeout = null) =>
        CreateBarrierAsync(participantCount, timeout).WaitForResult();

    // A condition needs no message to be created: a random number identifies it.
    private static ManagedCondition NewCondition(LockAccess access) => new(access, Random.Shared.NextInt64());

    private async Task<ManagedSemaphore> CreateSemaphoreAsync(int initialCount, bool isBounded, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialCount);
        return new(await CreateAsync(
            ObjectKind.Semaphore, initialCount, isBounded ? [ReadOnlyMemory<byte>.Empty] : [], cancellationToken).ConfigureAwait(false));
    }
}
