using Actors.Messages.Objects;
using Actors.Objects;
using Actors.Runtime;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>Makes a lock, as Python's <c>manager.Lock()</c>.</summary>
    public async Task<ManagedLock> CreateLockAsync(CancellationToken cancellationToken = default) =>
        new(await CreateAsync(ObjectKind.Lock, 0, [], cancellationToken).ConfigureAwait(false));

    /// <summary>As <see cref="CreateLockAsync"/>, blocking.</summary>
    public ManagedLock CreateLock() => CreateLockAsync().GetAwaiter().GetResult();

    /// <summary>Makes a lock that its owner may take again, as Python's <c>manager.RLock()</c>.</summary>
    public async Task<ManagedReentrantLock> CreateReentrantLockAsync(CancellationToken cancellationToken = default) =>
        new(await CreateAsync(ObjectKind.ReentrantLock, 0, [], cancellationToken).ConfigureAwait(false));

    /// <summary>As <see cref="CreateReentrantLockAsync"/>, blocking.</summary>
    public ManagedReentrantLock CreateReentrantLock() => CreateReentrantLockAsync().GetAwaiter().GetResult();

    /// <summary>Makes a condition with a new reentrant lock of its own, as Python's <c>manager.Condition()</c>.</summary>
    public async Task<ManagedCondition> CreateConditionAsync(CancellationToken cancellationToken = default) =>
        Condition((await CreateReentrantLockAsync(cancellationToken).ConfigureAwait(false)).Access);

    /// <summary>As <see cref="CreateConditionAsync(CancellationToken)"/>, blocking.</summary>
    public ManagedCondition CreateCondition() => CreateConditionAsync().GetAwaiter().GetResult();

    /// <summary>Makes a condition of this lock, as Python's <c>manager.Condition(lock)</c>. A lock can have any number of them. Asks nobody.</summary>
    public ManagedCondition CreateCondition(ManagedLock managedLock)
    {
        ArgumentNullException.ThrowIfNull(managedLock);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Condition(managedLock.Access);
    }

    /// <inheritdoc cref="CreateCondition(ManagedLock)"/>
    public ManagedCondition CreateCondition(ManagedReentrantLock managedLock)
    {
        ArgumentNullException.ThrowIfNull(managedLock);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Condition(managedLock.Access);
    }

    /// <summary>Makes a semaphore, as Python's <c>manager.Semaphore(value)</c>.</summary>
    /// <param name="initialCount">How many permits it has at first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ManagedSemaphore> CreateSemaphoreAsync(int initialCount = 1, CancellationToken cancellationToken = default) =>
        CreateSemaphoreAsync(initialCount, isBounded: false, cancellationToken);

    /// <summary>As <see cref="CreateSemaphoreAsync(int, CancellationToken)"/>, blocking.</summary>
    public ManagedSemaphore CreateSemaphore(int initialCount = 1) => CreateSemaphoreAsync(initialCount).GetAwaiter().GetResult();

    /// <summary>Makes a semaphore that never has more permits than at first, as Python's <c>manager.BoundedSemaphore(value)</c>.</summary>
    /// <param name="initialCount">How many permits it has at first, and at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ManagedSemaphore> CreateBoundedSemaphoreAsync(int initialCount = 1, CancellationToken cancellationToken = default) =>
        CreateSemaphoreAsync(initialCount, isBounded: true, cancellationToken);

    /// <summary>As <see cref="CreateBoundedSemaphoreAsync"/>, blocking.</summary>
    public ManagedSemaphore CreateBoundedSemaphore(int initialCount = 1) => CreateBoundedSemaphoreAsync(initialCount).GetAwaiter().GetResult();

    /// <summary>Makes an event that is not set, as Python's <c>manager.Event()</c>.</summary>
    public async Task<ManagedEvent> CreateEventAsync(CancellationToken cancellationToken = default) =>
        new(await CreateAsync(ObjectKind.Event, 0, [], cancellationToken).ConfigureAwait(false));

    /// <summary>As <see cref="CreateEventAsync"/>, blocking.</summary>
    public ManagedEvent CreateEvent() => CreateEventAsync().GetAwaiter().GetResult();

    /// <summary>Makes a barrier, as Python's <c>manager.Barrier(parties, timeout=…)</c>.</summary>
    /// <param name="participantCount">How many parties it is for.</param>
    /// <param name="timeout">How long a party waits that says nothing else; null is for ever.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ManagedBarrier> CreateBarrierAsync(
        int participantCount, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(participantCount);
        var limit = TimeoutRule.Require(timeout);
        return new(await CreateAsync(ObjectKind.Barrier, participantCount, [], cancellationToken).ConfigureAwait(false), participantCount, limit);
    }

    /// <summary>As <see cref="CreateBarrierAsync"/>, blocking.</summary>
    public ManagedBarrier CreateBarrier(int participantCount, TimeSpan? timeout = null) =>
        CreateBarrierAsync(participantCount, timeout).GetAwaiter().GetResult();

    // Nothing is told of a new condition: its number makes it one.
    private static ManagedCondition Condition(LockAccess access) => new(access, Random.Shared.NextInt64());

    private async Task<ManagedSemaphore> CreateSemaphoreAsync(int initialCount, bool isBounded, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialCount);
        return new(await CreateAsync(
            ObjectKind.Semaphore, initialCount, isBounded ? [ReadOnlyMemory<byte>.Empty] : [], cancellationToken).ConfigureAwait(false));
    }
}
