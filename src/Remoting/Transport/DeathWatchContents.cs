namespace Actors.Remoting.Transport;

/// <summary>Reads the source of a message of death watch: the watcher, or the actor that has stopped.</summary>
internal static class DeathWatchContents
{
    /// <summary>The number of the serializer of system messages.</summary>
    public const int Serializer = 22;

    /// <summary>Whether contents watch an actor.</summary>
    public static bool IsWatch(SerializedPayload message) => message.Manifest.StartsWith("Akka.Dispatch.SysMsg.Watch,"u8);

    /// <summary>Whether contents end a watch of an actor.</summary>
    public static bool IsUnwatch(SerializedPayload message) => message.Manifest.StartsWith("Akka.Dispatch.SysMsg.Unwatch,"u8);

    /// <summary>Reads the path of the source. Only the system of that actor may send the message.</summary>
    /// <param name="message">The contents of the message.</param>
    /// <param name="source">The path of the source.</param>
    /// <returns>
    /// False for other messages, for malformed bytes, and for the termination of a whole system, which each system detects itself.
    /// </returns>
    public static bool TryReadSource(SerializedPayload message, out ReadOnlySpan<byte> source)
    {
        source = default;
        var isEnd = message.Manifest.StartsWith("Akka.Dispatch.SysMsg.DeathWatchNotification,"u8);
        if (!isEnd && !IsWatch(message) && !IsUnwatch(message))
            return false;
        var fields = new ProtobufFields(message.Bytes);
        var seen = 0;
        while (fields.ReadNext())
        {
            if (fields.Number is < 1 or > 3 || (seen & (1 << fields.Number)) != 0)
                return false;
            seen |= 1 << fields.Number;
            if (fields.Number == (isEnd ? 1 : 2) && (!fields.IsBytes || !Envelope.TryReadReference(fields.Bytes, out source)))
                return false;
            if (isEnd && fields is { Number: 3, Value: not 0 })
                return false;
        }

        return !fields.IsMalformed;
    }
}
