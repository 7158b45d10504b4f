namespace Actors;

/// <summary>Thrown when another program listens on the port.</summary>
public sealed class PortInUseException(string message, Exception inner) : InvalidOperationException(message, inner);
