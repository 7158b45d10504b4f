using Actors.Messages.Objects;
using Actors.Messages.Values;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>Creates a pipe, as Python's <c>Pipe(duplex)</c>.</summary>
    /// <param name="duplex">
    /// True, the default, for two ends that send and receive. False for a first end that only receives and a second that only sends, as in
    /// Python.
    /// </param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The two ends.</returns>
    /// <exception cref="NotCarriedException"><typeparamref name="T"/> cannot be serialized.</exception>
    public async Task<(PipeEnd<T> First, PipeEnd<T> Second)> CreatePipeAsync<T>(
        bool duplex = true, CancellationToken cancellationToken = default)
    {
        ValueSerializer.RequireCarried<T>();
        var proxy = await CreateAsync(ObjectKind.Pipe, 0, [], cancellationToken).ConfigureAwait(false);
        return (new PipeEnd<T>(proxy, 0, true, duplex), new PipeEnd<T>(proxy, 1, duplex, true));
    }

    /// <summary>Blocking form of <see cref="CreatePipeAsync{T}"/>.</summary>
    public (PipeEnd<T> First, PipeEnd<T> Second) CreatePipe<T>(bool duplex = true) => CreatePipeAsync<T>(duplex).WaitForResult();
}
