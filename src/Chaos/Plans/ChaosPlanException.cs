namespace Actors.Chaos.Plans;

/// <summary>Thrown when a plan has an error: the message names the file, the line, the key and the remedy.</summary>
internal sealed class ChaosPlanException(string message) : Exception(message);
