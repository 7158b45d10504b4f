namespace Actors.Remoting.Transport;

/// <summary>
/// The recipient, sender and contents of a message of the framework, read from its bytes before the framework reads them. A repeated field
/// is refused, because the framework might use the other one.
/// </summary>
public ref struct Envelope
{
    /// <summary>The sequence number of a message without an order.</summary>
    public const ulong NoSequence = ulong.MaxValue;

    /// <summary>The path of the recipient, with its address.</summary>
    public ReadOnlySpan<byte> Recipient { get; private set; }

    /// <summary>The path of the sender; empty for none.</summary>
    public ReadOnlySpan<byte> Sender { get; private set; }

    /// <summary>The contents of the message.</summary>
    public SerializedPayload Message { get; private set; }

    /// <summary>The number of the message in its order; <see cref="NoSequence"/> for a message without an order.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Whether a message with this number was received before.</summary>
    public bool IsRepeated { get; set; }

    /// <summary>The bytes of the acknowledgment.</summary>
    public int AcknowledgmentLength { get; private set; }

    /// <summary>Reads an <c>AkkaProtocolMessage</c>: a message for actors or an instruction.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="payload">The part for actors; empty for none.</param>
    /// <param name="instruction">The instruction to the framework; without a command for none.</param>
    public static bool TryReadProtocolMessage(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload, out Instruction instruction)
    {
        instruction = default;
        return TryReadTwo(bytes, 1, out payload, 2, out var inner)
            && payload.IsEmpty != inner.IsEmpty
            && (inner.IsEmpty || Instruction.TryRead(inner, out instruction));
    }

    /// <summary>Reads an <c>AckAndEnvelopeContainer</c>.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="envelope">The envelope; it has no recipient if the message contains none.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Envelope envelope)
    {
        envelope = default;
        if (!TryReadTwo(bytes, 1, out var acknowledgment, 2, out var inner))
            return false;
        envelope.AcknowledgmentLength = acknowledgment.Length;
        if (inner.IsEmpty)
            return true;
        var fields = new ProtobufFields(inner);
        var seen = 0;
        while (fields.ReadNext())
        {
            if (fields.Number is < 1 or > 5 || (seen & (1 << fields.Number)) != 0)
                return false;
            seen |= 1 << fields.Number;
            if (!envelope.TrySet(fields))
                return false;
        }

        return !fields.IsMalformed && !envelope.Recipient.IsEmpty && (seen & 4) != 0;
    }

    /// <summary>Reads a message with a single text, such as a reference to an actor.</summary>
    public static bool TryReadReference(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> path) => TryReadTwo(bytes, 1, out path, 1, out _);

    private bool TrySet(in ProtobufFields field)
    {
        var path = ReadOnlySpan<byte>.Empty;
        switch (field.Number)
        {
            case 1 when field.IsBytes && TryReadReference(field.Bytes, out path):
                Recipient = path;
                return true;
            case 2 when field.IsBytes && SerializedPayload.TryRead(field.Bytes, out var message):
                Message = message;
                return true;
            case 4 when field.IsBytes && TryReadReference(field.Bytes, out path):
                Sender = path;
                return true;
            case 5 when field.IsFixed64:
                Sequence = field.Value;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reads a message with at most two fields of bytes, each at most once.</summary>
    private static bool TryReadTwo(
        ReadOnlySpan<byte> bytes, int first, out ReadOnlySpan<byte> one, int second, out ReadOnlySpan<byte> other)
    {
        one = default;
        other = default;
        var (hasOne, hasOther) = (false, false);
        var fields = new ProtobufFields(bytes);
        while (fields.ReadNext())
        {
            var isFirst = fields.Number == first;
            if (!fields.IsBytes || (isFirst ? hasOne : hasOther || fields.Number != second))
                return false;
            if (isFirst)
            {
                one = fields.Bytes;
                hasOne = true;
            }
            else
            {
                other = fields.Bytes;
                hasOther = true;
            }
        }

        return !fields.IsMalformed;
    }
}

/// <summary>The contents of a message, with their serializer and manifest.</summary>
public ref struct SerializedPayload
{
    /// <summary>The serialized contents.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The number of the serializer.</summary>
    public int Serializer { get; private set; }

    /// <summary>The manifest, which tells the serializer the type.</summary>
    public ReadOnlySpan<byte> Manifest { get; private set; }

    /// <summary>Reads a <c>Payload</c>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SerializedPayload payload)
    {
        payload = default;
        var fields = new ProtobufFields(bytes);
        var seen = 0;
        while (fields.ReadNext())
        {
            if (fields.Number is < 1 or > 3 || (seen & (1 << fields.Number)) != 0
                || !(fields.Number == 2 ? fields.IsVarint : fields.IsBytes))
                return false;
            seen |= 1 << fields.Number;
            switch (fields.Number)
            {
                case 1:
                    payload.Bytes = fields.Bytes;
                    break;
                case 2:
                    payload.Serializer = unchecked((int)fields.Value);
                    break;
                default:
                    payload.Manifest = fields.Bytes;
                    break;
            }
        }

        return !fields.IsMalformed;
    }
}
