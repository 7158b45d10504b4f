using System.Collections.Concurrent;

namespace Actors.Messages.Values;

/// <summary>Writes and reads values whose type is known only at run time.</summary>
internal abstract class BoxedValue
{
    private static readonly ConcurrentDictionary<Type, BoxedValue> Known = new();

    /// <summary>Gets the writer and reader of a type.</summary>
    internal static BoxedValue ForType(Type type) => Known.GetOrAdd(
        type, static type => (BoxedValue)Activator.CreateInstance(typeof(BoxedValue<>).MakeGenericType(type))!);

    internal abstract void WriteValue(ref ValueWriter writer, object? value);

    internal abstract object? ReadValue(ref ValueReader reader);

    /// <summary>Reads a payload that contains one value.</summary>
    internal abstract object? ReadValue(ReadOnlyMemory<byte> payload);
}

/// <inheritdoc/>
internal sealed class BoxedValue<T> : BoxedValue
{
    internal override void WriteValue(ref ValueWriter writer, object? value) => writer.WriteValue((T)value!);

    internal override object? ReadValue(ref ValueReader reader) => reader.ReadValue<T>();

    internal override object? ReadValue(ReadOnlyMemory<byte> payload) => ValueSerializer.ReadValue<T>(payload.Span);
}
