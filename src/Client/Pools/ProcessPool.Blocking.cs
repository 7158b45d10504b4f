namespace Actors;

public partial class ProcessPool
{
    /// <summary>Blocking form of <see cref="StartAsync"/>, as Python's <c>Pool(processes)</c>.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static ProcessPool Start(
        int processes = 0, string? connect = null, PoolOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(processes, connect, options, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="JoinAsync"/>, as Python's <c>join()</c>.</summary>
    /// <inheritdoc cref="JoinAsync"/>
    public PoolSummary Join(CancellationToken cancellationToken = default) => JoinAsync(cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="CompleteAsync"/>.</summary>
    /// <inheritdoc cref="CompleteAsync"/>
    public PoolSummary Complete(CancellationToken cancellationToken = default) => CompleteAsync(cancellationToken).WaitForResult();

    /// <summary>Blocking form of <see cref="TerminateAsync"/>, as Python's <c>terminate()</c>.</summary>
    /// <inheritdoc cref="TerminateAsync"/>
    public PoolSummary Terminate(CancellationToken cancellationToken = default) =>
        TerminateAsync(cancellationToken).WaitForResult();
}
