namespace Actors.Messages.Values;

/// <summary>Writes the bits of a value whose every bit pattern is valid: integers, floating point numbers, enums, GUIDs.</summary>
internal sealed class RawFormatter<T> : ValueFormatter<T>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, T value) => writer.WriteRaw(value);

    internal override T Read(ref ValueReader reader) => reader.ReadRaw<T>();
}
