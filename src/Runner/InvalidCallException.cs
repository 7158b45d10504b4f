namespace Actors.Runner;

/// <summary>Thrown when the command line names no function that can be called, or arguments that do not fit.</summary>
/// <param name="message">The problem and its remedy.</param>
internal sealed class InvalidCallException(string message) : Exception(message);
