namespace Actors.Programs;

/// <summary>
/// Thrown when a file or directory that the user names is missing, cannot be read, or has the wrong content. The exit code is that of an
/// invalid command line, in each command.
/// </summary>
/// <param name="message">The problem and its remedy.</param>
/// <param name="inner">The cause; null for none.</param>
public sealed class UnusableFileException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
