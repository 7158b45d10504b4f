using Actors.Messages.Objects;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>Makes a lock, as Python's <c>manager.Lock()</c>.</summary>
    public async Task<ManagedLock> CreateLockAsync(CancellationToken cancellationToken = default) =>
        new(await CreateAsync(ObjectKind.Lock, 0, [], cancellationToken).ConfigureAwait(false));

    /// <summary>As <see cref="CreateLockAsync"/>, blocking.</summary>
    public ManagedLock CreateLock() => CreateLockAsync().GetAwaiter().GetResult();
}
