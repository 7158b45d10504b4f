namespace Actors;

/// <summary>Thrown when the coordinator of a pool or a managed object was lost, and its unfinished operations with it.</summary>
public sealed class CoordinatorLostException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Thrown when no coordinator answers at the address.</summary>
public sealed class CoordinatorUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
