namespace Actors;

/// <summary>
/// Thrown when a large argument or result could not be transferred through the coordinator's store: the store or a disk is full, or the
/// received bytes are not those that were sent. The message states the cause. The job did not run, or its result is lost; other jobs are
/// not affected.
/// </summary>
public sealed class PayloadStoreException : InvalidOperationException
{
    /// <summary>Creates the exception with a default message.</summary>
    public PayloadStoreException() : base("A large argument or result could not be transferred through the coordinator's store.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The problem, and the remedy.</param>
    public PayloadStoreException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The problem, and the remedy.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public PayloadStoreException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
