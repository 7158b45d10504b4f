namespace Actors.Testing;

/// <summary>Thrown when a pool is started with a fault that its mode cannot inject. The message names the mode and the fault.</summary>
public sealed class FaultNotSupportedException(string message) : NotSupportedException(message);
