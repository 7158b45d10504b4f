namespace Actors.Executor.Services;

/// <summary>An invoker that calls on what this process serves.</summary>
internal interface IServed
{
    /// <summary>What it calls on; set before each call.</summary>
    object? Instance { set; }
}
