using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>
/// The messages in the mailbox of one object. Some calls take milliseconds, such as a search in a long list. Calls of other objects must
/// not wait for them. Such calls may arrive faster than they are handled, so the messages of other programs have a limit. Thread-safe, but
/// only the object removes messages.
/// </summary>
/// <param name="limit">The most bytes that wait.</param>
public sealed class ObjectBacklog(long limit = ObjectBacklog.DefaultLimit)
{
    /// <summary>The limit of an object of a coordinator: about 131,000 calls without values.</summary>
    public const long DefaultLimit = 128 << 20;

    /// <summary>The number of quick messages after a slow one until the object counts as quick again.</summary>
    public const int QuickMessages = 100;

    private static readonly TimeSpan LongTime = TimeSpan.FromMicroseconds(500);

    /// <summary>The reason of the refusal of a call, in UTF-8.</summary>
    public static readonly byte[] Refusal =
    [
        .. "Too many calls of other programs wait at this managed object, because they arrive faster than it handles them. "u8,
        .. "Await earlier calls before the next ones."u8,
    ];

    private long _bytes;
    private int _slowMessages;
    private int _suspiciousMessages;

    /// <summary>Whether the object works for long, so that the sender's thread should not run it.</summary>
    public bool IsSlow => Volatile.Read(ref _slowMessages) > 0;

    /// <summary>Adds a message that is sent to the object.</summary>
    /// <returns>False if the message must not be sent, because too many wait.</returns>
    public bool TryAdd(IActorRef sender, object message)
    {
        if (!IsCounted(sender, message))
            return true;
        if (Volatile.Read(ref _bytes) >= limit)
            return false;
        Interlocked.Add(ref _bytes, ObjectSizes.MeasureWaiting(message as ObjectCall));
        return true;
    }

    /// <summary>Removes a message that the object receives.</summary>
    public void Remove(IActorRef sender, object message)
    {
        if (IsCounted(sender, message))
            Interlocked.Add(ref _bytes, -ObjectSizes.MeasureWaiting(message as ObjectCall));
    }

    /// <summary>
    /// Notes the time that the object needed for a message. A single long time is not enough: the message may be the first of its kind in
    /// the process, or a garbage collection may have interrupted it.
    /// </summary>
    public void NoteDuration(TimeSpan duration)
    {
        if (duration <= LongTime)
        {
            _suspiciousMessages = Math.Max(0, _suspiciousMessages - 1);
            Volatile.Write(ref _slowMessages, Math.Max(0, _slowMessages - 1));
            return;
        }

        if (_suspiciousMessages > 0)
            Volatile.Write(ref _slowMessages, QuickMessages);
        _suspiciousMessages = QuickMessages;
    }

    private static bool IsCounted(IActorRef sender, object message) =>
        (message is ObjectCall or ObjectReplyReceived or ObjectCallAbandoned) && !sender.IsLocal();
}
