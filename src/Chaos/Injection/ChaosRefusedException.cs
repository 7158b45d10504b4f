namespace Actors.Chaos.Injection;

/// <summary>Thrown when a program of the cluster does not permit a fault.</summary>
internal sealed class ChaosRefusedException(string message) : Exception(message);
