namespace Actors;

/// <summary>Thrown when a code bundle cannot be built, downloaded or verified.</summary>
public sealed class BundleException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
