namespace Actors;

/// <summary>
/// A large argument or result could not be brought to another process through the coordinator's store: the store is full, a disk is, or what arrived is not what
/// was sent. The message says which. The job did not run, or its result is lost; nothing else is.
/// </summary>
public sealed class PayloadStoreException : InvalidOperationException
{
    /// <summary>Makes the exception with a message of its own.</summary>
    public PayloadStoreException() : base("A large payload could not be brought through the coordinator's store.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public PayloadStoreException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What stood in the way.</param>
    public PayloadStoreException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
