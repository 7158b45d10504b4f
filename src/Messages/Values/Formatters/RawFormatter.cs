namespace Actors.Messages.Values;

/// <summary>Writes the bits of a value whose every bit pattern is valid: integers, floating point numbers, enums, GUIDs.</summary>
public sealed class RawFormatter<T> : ValueFormatter<T>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, T value) => writer.WriteRaw(value);

    public override T Read(ref ValueReader reader) => reader.ReadRaw<T>();
}
