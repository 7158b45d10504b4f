namespace Actors;

/// <summary>
/// What travels in one message between machines is larger than that may be (12 MiB): the items of a managed queue, the arguments of an initializer, or arguments
/// and results of a durable pool. Nothing was sent. Pass a path or smaller parts instead; within one machine there is no such limit.
/// </summary>
public sealed class PayloadTooLargeException : ArgumentException
{
    /// <summary>Makes the exception with a message of its own.</summary>
    public PayloadTooLargeException() : base("The payload is larger than a message between machines may be.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is too large, and what the limit is.</param>
    public PayloadTooLargeException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is too large, and what the limit is.</param>
    /// <param name="innerException">What stood in the way.</param>
    public PayloadTooLargeException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
