namespace Actors;

/// <summary>An exception of a job whose own type this process does not have, or cannot make.</summary>
public sealed class RemoteException : Exception
{
    /// <summary>Makes the exception with a message of its own.</summary>
    public RemoteException() : this("The job failed.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The message of the original.</param>
    public RemoteException(string message) : this(message, null)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The message of the original.</param>
    /// <param name="innerException">The inner exception of the original.</param>
    public RemoteException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>The full name of the original's type.</summary>
    public string RemoteTypeName { get; internal init; } = "System.Exception";

    /// <summary>Where the original was thrown, as text; null when it was not thrown.</summary>
    public string? RemoteStackTrace { get; internal init; }
}
