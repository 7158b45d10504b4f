namespace Actors;

/// <summary>The coordinator that a pool or a managed object belongs to is gone, and what was under way there with it.</summary>
public sealed class CoordinatorLostException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>No coordinator answers at the address.</summary>
public sealed class CoordinatorUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
