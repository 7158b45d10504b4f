namespace Actors;

/// <summary>
/// Thrown when this program uses as much of a coordinator as one client may: open pools, memory for jobs, managed objects, their contents,
/// or waiting calls. Also thrown when the durable pools and queues of a coordinator keep as much as they may, for all clients together. The
/// message names the limit and its setting. The refused operation had no effect; other operations continue.
/// </summary>
public sealed class ClientLimitException : InvalidOperationException
{
    /// <summary>Creates the exception with a default message.</summary>
    public ClientLimitException() : base("This program uses as much of the coordinator as one client may.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The limit, and the remedy.</param>
    public ClientLimitException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The limit, and the remedy.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public ClientLimitException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
