namespace Actors;

/// <summary>Reads shared arrays without copying them.</summary>
public static class SharedArrays
{
    /// <summary>
    /// Gets the elements of a shared array. In a worker they lie in a file that all workers of the node map into their memory, so the array
    /// exists once on the node. Use <see cref="Shared{T}.Value"/> for an array object, which is a copy for each worker.
    /// </summary>
    /// <typeparam name="T">
    /// The element type: an integer, a floating point number, a character, an enum, a <see cref="Guid"/> or a <see cref="TimeSpan"/>.
    /// Arrays of other types are decoded as <see cref="Shared{T}.Value"/> is.
    /// </typeparam>
    /// <param name="shared">The shared array.</param>
    /// <returns>The elements. Do not use the span after the job that has called this method.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="shared"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The array was disposed, or its pool has ended.</exception>
    public static ReadOnlySpan<T> AsSpan<T>(this Shared<T[]> shared)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shared);
        return shared.Content.GetElements<T>();
    }
}
