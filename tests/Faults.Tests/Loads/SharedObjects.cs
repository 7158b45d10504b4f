namespace Actors.Faults.Tests.Loads;

/// <summary>An item that its producer and number identify.</summary>
public sealed record LoadItem(long Producer, long Number);

/// <summary>The managed objects that many processes use at once.</summary>
/// <param name="Queue">A first-in, first-out queue.</param>
/// <param name="Lock">A lock.</param>
/// <param name="Semaphore">A semaphore with <see cref="Permits"/> permits.</param>
/// <param name="Dictionary">A dictionary with a few keys.</param>
/// <param name="Value">A value.</param>
/// <param name="List">A list.</param>
public sealed record SharedObjects(
    ManagedQueue<LoadItem> Queue, ManagedLock Lock, ManagedSemaphore Semaphore, ManagedDictionary<string, long> Dictionary,
    ManagedValue<long> Value, ManagedList<long> List)
{
    /// <summary>The permits of the semaphore.</summary>
    public const int Permits = 2;

    /// <summary>Creates the objects.</summary>
    public static async Task<SharedObjects> CreateAsync(Manager manager) => new(
        await manager.CreateQueueAsync<LoadItem>(), await manager.CreateLockAsync(), await manager.CreateSemaphoreAsync(Permits),
        await manager.CreateDictionaryAsync<string, long>(), await manager.CreateValueAsync(0L), await manager.CreateListAsync<long>());
}
