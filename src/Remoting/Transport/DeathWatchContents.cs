namespace Actors.Remoting.Transport;

/// <summary>The contents of a message of death watch.</summary>
public ref struct DeathWatchContents
{
    /// <summary>The number of the serializer of system messages.</summary>
    public const int Serializer = 22;

    /// <summary>Whether contents watch an actor.</summary>
    public static bool IsWatch(SerializedPayload message) => message.Manifest.StartsWith("Akka.Dispatch.SysMsg.Watch,"u8);

    /// <summary>Whether contents end a watch of an actor.</summary>
    public static bool IsUnwatch(SerializedPayload message) => message.Manifest.StartsWith("Akka.Dispatch.SysMsg.Unwatch,"u8);

    /// <summary>
    /// The path of the source: the watcher, or the actor that has stopped. Only the system of that actor may send the message.
    /// </summary>
    public ReadOnlySpan<byte> Source { get; private set; }

    /// <summary>The path of the watched actor; empty for an end.</summary>
    public ReadOnlySpan<byte> Watched { get; private set; }

    /// <summary>Reads the contents of a message.</summary>
    /// <returns>
    /// False for other messages, for malformed bytes, and for the termination of a whole system, which each system detects itself.
    /// </returns>
    public static bool TryRead(SerializedPayload message, out DeathWatchContents contents)
    {
        contents = default;
        var isEnd = message.Manifest.StartsWith("Akka.Dispatch.SysMsg.DeathWatchNotification,"u8);
        if (!isEnd && !IsWatch(message) && !IsUnwatch(message))
            return false;
        var fields = new ProtobufFields(message.Bytes);
        var seen = 0;
        while (fields.ReadNext())
        {
            if (fields.Number < 1 || fields.Number > (isEnd ? 3 : 2) || (seen & (1 << fields.Number)) != 0)
                return false;
            seen |= 1 << fields.Number;
            if (!(isEnd && fields.Number > 1 ? fields.IsVarint : fields.IsBytes))
                return false;
            var path = ReadOnlySpan<byte>.Empty;
            if (fields.IsBytes && !Envelope.TryReadReference(fields.Bytes, out path))
                return false;
            if (fields.Number == (isEnd ? 1 : 2))
                contents.Source = path;
            else if (!isEnd)
                contents.Watched = path;
            if (isEnd && fields is { Number: 3, Value: not 0 })
                return false;
        }

        return !fields.IsMalformed;
    }
}
