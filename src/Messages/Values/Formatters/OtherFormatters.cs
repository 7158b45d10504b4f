using MemoryPack;

namespace Actors.Messages.Values;

/// <summary>A class that says itself how it travels.</summary>
internal sealed class CarriedFormatter<T> : ValueFormatter<T?>
    where T : class, ICarried<T>
{
    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, T? value)
    {
        writer.WriteRaw(value is null ? (byte)0 : (byte)1);
        if (value is not null)
        {
            writer.RequireExact(value);
            value.Write(ref writer);
        }
    }

    internal override T? Read(ref ValueReader reader) => reader.ReadPresence() ? T.Read(ref reader) : null;
}

/// <summary>A type that MemoryPack knows: one marked for it, or one of the framework's less usual ones. A length, then MemoryPack's bytes.</summary>
internal sealed class MemoryPackedFormatter<T> : ValueFormatter<T?>
{
    // A union writes which of its cases it is; of any other class only the declared type's members would be written.
    private static readonly bool IsExact = typeof(T) is { IsClass: true, IsAbstract: false, IsSealed: false, Namespace: not "System" and not "System.Globalization" };

    internal override bool IsPlain => true;

    internal override void Write(ref ValueWriter writer, T? value)
    {
        if (IsExact && value is not null)
        {
            writer.RequireExact(value);
        }

        writer.Write(MemoryPackSerializer.Serialize(value));
    }

#pragma warning disable RS0030 // A user's type: its formatters are the user's own, so that its bytes have no shape that is known here.
    internal override T? Read(ref ValueReader reader) =>
        MemoryPackSerializer.Deserialize<T>(reader.Read<byte[]?>() ?? throw new InvalidDataException("The bytes of a value are missing."));
#pragma warning restore RS0030
}

/// <summary>Stands for a type that cannot be carried; the reason is found by the check of its graph.</summary>
internal sealed class RefusedFormatter<T> : ValueFormatter<T>
{
    internal override void Write(ref ValueWriter writer, T value) => throw Refusal();

    internal override T Read(ref ValueReader reader) => throw Refusal();

    private static NotCarriedException Refusal() => new(TypeCheck.RefusalOf(typeof(T)) ?? $"{TypeNames.Of(typeof(T))} cannot be carried to another process.");
}
