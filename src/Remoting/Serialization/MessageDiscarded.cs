using Actors.Messages;

namespace Actors.Remoting.Serialization;

/// <summary>
/// Published on the event stream of the sending actor system: a message was too large and was not sent. Its sender subscribes to this.
/// </summary>
/// <param name="Message">The message.</param>
/// <param name="Length">The number of bytes of the serialized message.</param>
public sealed record MessageDiscarded(IWireMessage Message, long Length)
{
    /// <summary>The error message, with the remedy.</summary>
    public string Reason => WireLimits.DescribeTooLarge($"The contents of {Message.GetType().Name}", Length);
}
