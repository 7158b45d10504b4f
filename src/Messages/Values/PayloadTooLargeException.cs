namespace Actors;

/// <summary>
/// Thrown when a payload is larger than a message between machines (12 MiB). The limit applies to the items of a managed queue, the
/// arguments of an initializer, and the arguments and results of durable pools. Nothing was sent. Pass a path or smaller parts instead.
/// Within one machine there is no such limit. A value that a job reports to an <see cref="IProgress{T}"/> may have 1 MiB.
/// </summary>
public sealed class PayloadTooLargeException : ArgumentException
{
    /// <summary>Creates the exception with a default message.</summary>
    public PayloadTooLargeException() : base("The payload is larger than a message between machines may be.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The payload that is too large, and the limit.</param>
    public PayloadTooLargeException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The payload that is too large, and the limit.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public PayloadTooLargeException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
