namespace Actors.Remoting.Transport;

/// <summary>
/// Reads the small messages of the framework. Some contain another message of any serializer, which could contain a third, and so on
/// without end. So only text and numbers are accepted inside. The serializer refuses the same, for messages of coordinators.
/// </summary>
public static class SmallMessageContents
{
    /// <summary>The number of the serializer of small messages.</summary>
    public const int Serializer = 16;

    /// <summary>The longest text inside a message in bytes.</summary>
    public const int MaxInnerLength = 256;

    /// <summary>The number of the serializer of text and numbers.</summary>
    private const int Primitives = 17;

    /// <summary>Whether a program of any role may send a message: an <c>Identify</c>, its answer, or a heartbeat of death watch.</summary>
    public static bool IsForEveryRole(ReadOnlySpan<byte> manifest) =>
        manifest.SequenceEqual("ID"u8) || manifest.SequenceEqual("AID"u8)
        || manifest.SequenceEqual("RWHB"u8) || manifest.SequenceEqual("RWHR"u8);

    /// <summary>Whether the bytes of a message are accepted.</summary>
    /// <param name="manifest">The manifest, without that of failures, which are texts of this library.</param>
    /// <param name="contents">The serialized contents.</param>
    public static bool IsAccepted(ReadOnlySpan<byte> manifest, ReadOnlySpan<byte> contents) => manifest switch
    {
        [(byte)'I', (byte)'D'] => contents.IsEmpty || IsFlatMessage(contents, mayHavePath: false),
        [(byte)'S', (byte)'T', (byte)'S'] => IsFlatMessage(contents, mayHavePath: false),
        [(byte)'A', (byte)'I', (byte)'D'] => IsFlatMessage(contents, mayHavePath: true),
        [(byte)'R', (byte)'W', (byte)'H', (byte)'B'] => contents.IsEmpty,
        [(byte)'R', (byte)'W', (byte)'H', (byte)'R'] => IsNumber(contents),
        _ => false,
    };

    /// <summary>Whether a message has one inner message, which contains no other, and at most one path.</summary>
    private static bool IsFlatMessage(ReadOnlySpan<byte> contents, bool mayHavePath)
    {
        var fields = new ProtobufFields(contents);
        var seen = 0;
        while (fields.ReadNext())
        {
            if (!fields.IsBytes || fields.Number < 1 || fields.Number > (mayHavePath ? 2 : 1) || (seen & (1 << fields.Number)) != 0)
                return false;
            seen |= 1 << fields.Number;
            if (fields.Number == 1 ? !IsFlat(fields.Bytes) : fields.Bytes.Length > InboundFilter.MaxPathLength)
                return false;
        }

        return !fields.IsMalformed && (seen & 2) != 0;
    }

    /// <summary>Whether an inner message is nothing, a text or a number.</summary>
    private static bool IsFlat(ReadOnlySpan<byte> inner) => SerializedPayload.TryRead(inner, out var payload)
        && payload.Bytes.Length <= MaxInnerLength
        && (payload.Serializer == Primitives || (payload.Serializer == 0 && payload.Bytes.IsEmpty && payload.Manifest.IsEmpty));

    private static bool IsNumber(ReadOnlySpan<byte> contents)
    {
        var fields = new ProtobufFields(contents);
        var count = 0;
        while (fields.ReadNext())
        {
            if (fields.Number != 1 || !fields.IsVarint || ++count > 1)
                return false;
        }

        return !fields.IsMalformed;
    }
}
