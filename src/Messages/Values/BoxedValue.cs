using System.Collections.Concurrent;

namespace Actors.Messages.Values;

/// <summary>Writes and reads values whose type is known only at run time.</summary>
public abstract class BoxedValue
{
    private static readonly ConcurrentDictionary<Type, BoxedValue> Known = new();

    /// <summary>Gets the writer and reader of a type.</summary>
    public static BoxedValue ForType(Type type) => Known.GetOrAdd(
        type, static type => (BoxedValue)Activator.CreateInstance(typeof(BoxedValue<>).MakeGenericType(type))!);

    public abstract void WriteValue(ref ValueWriter writer, object? value);

    public abstract object? ReadValue(ref ValueReader reader);

    /// <summary>Reads a payload that contains one value.</summary>
    public abstract object? ReadValue(ReadOnlyMemory<byte> payload);
}

/// <inheritdoc/>
public sealed class BoxedValue<T> : BoxedValue
{
    public override void WriteValue(ref ValueWriter writer, object? value) => writer.WriteValue((T)value!);

    public override object? ReadValue(ref ValueReader reader) => reader.ReadValue<T>();

    public override object? ReadValue(ReadOnlyMemory<byte> payload) => ValueSerializer.ReadValue<T>(payload.Span);
}
