namespace Actors.Remoting.Transport;

/// <summary>Reads the path that a selection names.</summary>
public static class SelectionPath
{
    /// <summary>The number of the serializer of selections.</summary>
    public const int Serializer = 6;

    /// <summary>The longest accepted path.</summary>
    public const int MaxLength = 512;

    /// <summary>Reads a <c>SelectionEnvelope</c> whose elements are names: no patterns, no parents.</summary>
    /// <param name="bytes">The envelope.</param>
    /// <param name="path">The buffer for the path; it is cut to the length of the path.</param>
    /// <param name="message">The message for the actor.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref Span<byte> path, out SerializedPayload message)
    {
        message = default;
        var hasMessage = false;
        var length = 0;
        var fields = new ProtobufFields(bytes);
        while (fields.ReadNext())
        {
            if (!fields.IsBytes)
                return false;
            if (fields.Number == 1 && !hasMessage)
                hasMessage = SerializedPayload.TryRead(fields.Bytes, out message);
            else if (fields.Number != 2 || !TryAppend(fields.Bytes, path, ref length))
                return false;
        }

        path = path[..length];
        return !fields.IsMalformed && hasMessage;
    }

    private static bool TryAppend(ReadOnlySpan<byte> element, Span<byte> path, ref int length)
    {
        const ulong ChildName = 2;
        var fields = new ProtobufFields(element);
        var name = ReadOnlySpan<byte>.Empty;
        var (type, seen) = (0UL, 0);
        while (fields.ReadNext())
        {
            if (fields.Number is < 1 or > 2 || (seen & (1 << fields.Number)) != 0
                || !(fields.Number == 2 ? fields.IsBytes : fields.IsVarint))
                return false;
            seen |= 1 << fields.Number;
            if (fields.IsBytes)
                name = fields.Bytes;
            else
                type = fields.Value;
        }

        if (fields.IsMalformed || type != ChildName || !ActorNames.IsName(name) || name.IndexOfAny("/#"u8) >= 0
            || length + 1 + name.Length > path.Length)
            return false;
        path[length] = (byte)'/';
        name.CopyTo(path[(length + 1)..]);
        length += 1 + name.Length;
        return true;
    }
}
