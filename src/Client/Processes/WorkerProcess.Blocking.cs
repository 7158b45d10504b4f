namespace Actors;

public sealed partial class WorkerProcess : IDisposable
{
    /// <summary>Blocking form of <see cref="StartAsync(CancellationToken)"/>, as Python's <c>start()</c>.</summary>
    /// <inheritdoc cref="StartAsync(CancellationToken)"/>
    public void Start(CancellationToken cancellationToken = default) => StartAsync(cancellationToken).GetAwaiter().GetResult();

    /// <summary>Blocking form of <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
}
