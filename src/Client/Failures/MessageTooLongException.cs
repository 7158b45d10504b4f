namespace Actors;

/// <summary>
/// Thrown when the next message is longer than the caller allows, as Python's <c>BufferTooShort</c>. The message was not consumed: receive
/// it with a larger limit.
/// </summary>
/// <param name="length">The length of the message, in bytes.</param>
/// <param name="limit">The limit, in bytes.</param>
public sealed class MessageTooLongException(long length, long limit)
    : IOException($"The message has {length:N0} bytes; the limit of the call is {limit:N0}. Receive it with a larger limit.")
{
    /// <summary>The length of the message, in bytes.</summary>
    public long Length => length;
}
