namespace Actors;

/// <summary>
/// The message that is to be received is longer than the caller allowed, as Python's <c>BufferTooShort</c>. It was not taken: receive it
/// with a larger limit.
/// </summary>
/// <param name="length">How long the message is, in bytes.</param>
/// <param name="limit">How long it might have been, in bytes.</param>
public sealed class MessageTooLongException(long length, long limit)
    : IOException($"The message has {length:N0} bytes; at most {limit:N0} were allowed.")
{
    /// <summary>How long the message is, in bytes.</summary>
    public long Length => length;
}
