namespace Actors.Messages.Values;

/// <summary>A value that is nothing but bits, any pattern of them valid: integers, floating point, enums, Guid.</summary>
internal sealed class RawFormatter<T> : ValueFormatter<T>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, T value) => writer.WriteRaw(value);

    internal override T Read(ref ValueReader reader) => reader.ReadRaw<T>();
}
