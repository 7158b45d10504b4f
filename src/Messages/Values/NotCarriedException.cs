namespace Actors;

/// <summary>
/// Thrown when a value cannot be carried to another process. Its type holds something that exists only in this process (a stream, a
/// delegate, a handle), or its content is not declared (an interface, <see cref="object"/>). Nothing was sent. The message names the type,
/// the member and the alternative.
/// </summary>
/// <remarks>A member marked <see cref="NonSerializedAttribute"/> is left out: it arrives with its default value.</remarks>
public sealed class NotCarriedException : NotSupportedException
{
    /// <summary>Creates the exception with a default message.</summary>
    public NotCarriedException() : base("The value cannot be carried to another process.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The type, the member, and the alternative.</param>
    public NotCarriedException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The type, the member, and the alternative.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public NotCarriedException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
