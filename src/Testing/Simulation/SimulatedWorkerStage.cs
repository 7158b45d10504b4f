namespace Actors.Testing;

/// <summary>The stages of a simulated worker's life, in order.</summary>
internal enum SimulatedWorkerStage
{
    /// <summary>The initializer has not begun.</summary>
    Created,

    /// <summary>A thread runs the initializer.</summary>
    Initializing,

    /// <summary>The initializer has run: the worker accepts jobs.</summary>
    Ready,

    /// <summary>The worker has ended.</summary>
    Exited,
}
