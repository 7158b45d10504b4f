using System.Collections.Concurrent;

namespace Actors.Messages.Values;

/// <summary>Writes and reads values whose type is known at run time only.</summary>
internal abstract class BoxedValue
{
    private static readonly ConcurrentDictionary<Type, BoxedValue> Known = new();

    /// <summary>The way of this type.</summary>
    internal static BoxedValue Of(Type type) => Known.GetOrAdd(
        type, static type => (BoxedValue)Activator.CreateInstance(typeof(BoxedValue<>).MakeGenericType(type))!);

    internal abstract void Write(ref ValueWriter writer, object? value);

    internal abstract object? Read(ref ValueReader reader);

    /// <summary>A value that is all that there is.</summary>
    internal abstract object? Read(ReadOnlyMemory<byte> payload);
}

/// <inheritdoc/>
internal sealed class BoxedValue<T> : BoxedValue
{
    internal override void Write(ref ValueWriter writer, object? value) => writer.Write((T)value!);

    internal override object? Read(ref ValueReader reader) => reader.Read<T>();

    internal override object? Read(ReadOnlyMemory<byte> payload) => ValueSerializer.Read<T>(payload.Span);
}
