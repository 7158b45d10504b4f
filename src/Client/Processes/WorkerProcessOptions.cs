namespace Actors;

/// <summary>How a <see cref="WorkerProcess"/> is to be. Immutable; change a copy with <c>with</c>.</summary>
public sealed record WorkerProcessOptions
{
    /// <summary>What it is called, as Python's <c>name</c>. Default: <c>WorkerProcess-1</c>, counted in this process; in a child of a child <c>WorkerProcess-1:2</c>.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Whether it ends with its owner, as Python's <c>daemon</c>. True, the default: disposing of it kills it. False: disposing of it, and the end of this
    /// program, wait until its function has returned. Killed with <c>kill -9</c>, a program takes all its workers with it.
    /// </summary>
    public bool IsDaemon { get; init; } = true;

    /// <summary>Null, the default, for a process on this machine; <c>HOST:PORT</c> of a coordinator, or of several with commas between, for one on a cluster.</summary>
    public string? Connect { get; init; }

    /// <summary>Where its standard output goes. Default: this process's own, unaltered bytes.</summary>
    public Stream? Output { get; init; }

    /// <summary>
    /// Where its standard error goes, and the stack trace of what its function throws. Default: this process's own, unaltered bytes. Both are there when
    /// <see cref="WorkerProcess.JoinAsync(CancellationToken)"/> returns.
    /// </summary>
    public Stream? Error { get; init; }
}
