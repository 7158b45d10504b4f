using Actors.Messages.Objects;
using Actors.Messages.Values;

namespace Actors;

public sealed partial class Manager
{
    /// <summary>Makes a pipe, as Python's <c>Pipe(duplex)</c>.</summary>
    /// <param name="duplex">Whether both ends send and receive; else the first only receives and the second only sends, as in Python.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The two ends.</returns>
    /// <exception cref="NotCarriedException"><typeparamref name="T"/> cannot travel.</exception>
    public async Task<(PipeEnd<T> First, PipeEnd<T> Second)> CreatePipeAsync<T>(bool duplex = true, CancellationToken cancellationToken = default)
    {
        ValueSerializer.Require<T>();
        var proxy = await CreateAsync(ObjectKind.Pipe, 0, [], cancellationToken).ConfigureAwait(false);
        return (new PipeEnd<T>(proxy, 0, true, duplex), new PipeEnd<T>(proxy, 1, duplex, true));
    }

    /// <summary>As <see cref="CreatePipeAsync{T}"/>, blocking.</summary>
    public (PipeEnd<T> First, PipeEnd<T> Second) CreatePipe<T>(bool duplex = true) => CreatePipeAsync<T>(duplex).GetAwaiter().GetResult();
}
