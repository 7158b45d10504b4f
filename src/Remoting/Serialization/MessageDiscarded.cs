using Actors.Messages;

namespace Actors.Remoting.Serialization;

/// <summary>Published on the event stream of the sending actor system: a message was too large and was not sent. Its sender subscribes to this.</summary>
/// <param name="Message">The message.</param>
/// <param name="Length">How many bytes it takes.</param>
internal sealed record MessageDiscarded(IWireMessage Message, long Length)
{
    /// <summary>What happened, and what to do.</summary>
    public string Reason => WireLimits.DescribeTooLarge($"The contents of {Message.GetType().Name}", Length);
}
