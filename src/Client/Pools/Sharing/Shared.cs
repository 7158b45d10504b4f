using Actors.Messages.Payloads;
using Actors.Messages.Values;
using Actors.Pools;

namespace Actors;

/// <summary>
/// A large value that all jobs of a pool read, such as a model or a table, made by <see cref="ProcessPool.ShareAsync"/>. As an argument, in
/// an argument or captured by a function it takes a few bytes. Its content goes to each node once, and each worker decodes it once. It is
/// freed when it is disposed, and with its pool. Thread-safe. Python has no counterpart; it resembles Dask's <c>client.scatter(value,
/// broadcast=True)</c>.
/// <example>
/// <code>
/// await using var table = await pool.ShareAsync(prices);
/// decimal[] totals = await pool.MapAsync(order => order.Count * table.Value[order.Product], orders);
/// </code>
/// </example>
/// </summary>
/// <typeparam name="T">The type of the value, which must be able to travel. It must hold no managed object.</typeparam>
public sealed class Shared<T> : ICarried<Shared<T>>, IAsyncDisposable, IDisposable
    where T : notnull
{
    private readonly SharedContent _content;
    private readonly SharedReference _reference;
    private readonly Action? _free;

    internal Shared(SharedContent content, SharedReference reference, Action? free = null) =>
        (_content, _reference, _free) = (content, reference, free);

    /// <summary>
    /// Gets the value. In a worker the first call decodes it; all jobs of the worker get the same object, so do not change it. In the
    /// process that shared it, this is the object that was passed to <see cref="ProcessPool.ShareAsync"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">
    /// The value was disposed, its pool has ended, or it reached this process otherwise than as an argument of a job of its pool.
    /// </exception>
    public T Value => _content.GetValue<T>();

    internal SharedContent Content => _content;

    /// <summary>
    /// In the process that shared the value: frees it in the coordinator, the nodes and the workers. Await the jobs that use it before: a
    /// job that starts later ends with <see cref="ObjectDisposedException"/> or <see cref="PayloadStoreException"/>. A running job that has
    /// read <see cref="Value"/> continues. Does nothing in another process, or when called again.
    /// </summary>
    public void Dispose() => _free?.Invoke();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    void ICarried<Shared<T>>.WriteTo(ref ValueWriter writer)
    {
        (writer.KeptAlive ??= []).Add(_reference);
        writer.WriteValue(_reference.Id.Value);
        writer.WriteValue(_reference.MemoryName);
    }

    static Shared<T> ICarried<Shared<T>>.ReadFrom(ref ValueReader reader)
    {
        var (id, memory) = (new PayloadId(reader.ReadValue<Guid>()), reader.ReadValue<string?>());
        var content = SharedContents.GetContent(id, memory is null ? null : SharedMemory.PathOf(memory));
        return new Shared<T>(content, new SharedReference(id, memory));
    }
}
