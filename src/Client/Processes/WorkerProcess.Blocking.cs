namespace Actors;

public sealed partial class WorkerProcess : IDisposable
{
    /// <summary>As <see cref="StartAsync(CancellationToken)"/>, blocking, as Python's <c>start()</c>.</summary>
    /// <inheritdoc cref="StartAsync(CancellationToken)"/>
    public void Start(CancellationToken cancellationToken = default) => StartAsync(cancellationToken).GetAwaiter().GetResult();

    /// <summary>As <see cref="DisposeAsync"/>, blocking.</summary>
    public void Dispose() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
}
