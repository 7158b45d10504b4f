namespace Actors;

/// <summary>
/// A value cannot travel to another process: its type holds something that only means anything in this one (a stream, a delegate, a
/// handle), or does not say what it holds (an interface, <see cref="object"/>). Thrown before anything is sent; the message names the
/// type, the member, and what to do instead.
/// </summary>
/// <remarks>A member marked <see cref="NonSerializedAttribute"/> is left out: it arrives with its default value.</remarks>
public sealed class NotCarriedException : NotSupportedException
{
    /// <summary>Makes the exception with a message of its own.</summary>
    public NotCarriedException() : base("The value cannot be carried to another process.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which type, which member, and what to do.</param>
    public NotCarriedException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which type, which member, and what to do.</param>
    /// <param name="innerException">What stood in the way.</param>
    public NotCarriedException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
