namespace Actors;

/// <summary>
/// Thrown when a directory that the library writes to is full, missing, or not writable.
/// The message names the directory and says how to choose another.
/// </summary>
public sealed class StorageException : IOException
{
    /// <summary>Creates the exception with a default message.</summary>
    public StorageException() : base("A directory that the library writes to cannot be used.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The problem, and how to choose another directory.</param>
    public StorageException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    /// <param name="message">The problem, and how to choose another directory.</param>
    /// <param name="innerException">The error of the operating system; null when there is none.</param>
    public StorageException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>The directory; empty when it is not known.</summary>
    public string Directory { get; internal init; } = "";

    /// <summary>How many bytes the library needed there.</summary>
    public long NeededBytes { get; internal init; }

    /// <summary>How many bytes were free there; null when the directory does not exist or the system does not say.</summary>
    public long? FreeBytes { get; internal init; }
}
