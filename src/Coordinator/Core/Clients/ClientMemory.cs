namespace Actors.Coordinator.Clients;

/// <summary>
/// The memory that all clients of a coordinator use together. A program can connect as several clients, and objects with a name outlive
/// their client. Thread-safe.
/// </summary>
/// <param name="limit">The limit in bytes.</param>
public sealed class ClientMemory(long limit)
{
    /// <summary>The bytes of a pool, an object or a waiting call besides its contents, approximately: actors and entries.</summary>
    private const long PoolSize = 16 << 10, ObjectSize = 4 << 10, CallSize = 512;

    private long _used;

    /// <summary>The used bytes.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Whether more is used than the limit, because results of accepted jobs are always kept.</summary>
    public bool IsExceeded => Used > limit;

    /// <summary>Adds an amount of a resource, unless the limit would be exceeded.</summary>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(ClientResource resource, long amount)
    {
        var bytes = Measure(resource, amount);
        if (Interlocked.Add(ref _used, bytes) <= limit)
            return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    /// <summary>Adds an amount of a resource, or removes a negative one, without a check of the limit.</summary>
    public void Add(ClientResource resource, long amount) => Interlocked.Add(ref _used, Measure(resource, amount));

    private static long Measure(ClientResource resource, long amount) => amount * resource switch
    {
        ClientResource.JobMemory or ClientResource.ObjectMemory or ClientResource.UnreadAnswers => 1,
        ClientResource.Pools => PoolSize,
        ClientResource.Objects => ObjectSize,
        ClientResource.WaitingCalls => CallSize,
        // The memory of durable queues has a limit of its own.
        _ => 0,
    };
}
