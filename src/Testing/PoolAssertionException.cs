namespace Actors.Testing;

/// <summary>Thrown when an assertion of this library fails. The message lists the submitted jobs or the injected faults.</summary>
public sealed class PoolAssertionException(string message) : Exception(message);
