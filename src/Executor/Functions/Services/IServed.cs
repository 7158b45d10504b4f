namespace Actors.Executor.Services;

/// <summary>An invoker that calls members of the instance that this process serves.</summary>
internal interface IServed
{
    /// <summary>The instance. Set it before each call.</summary>
    object? Instance { set; }
}
