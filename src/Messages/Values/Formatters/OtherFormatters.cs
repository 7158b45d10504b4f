namespace Actors.Messages.Values;

/// <summary>Writes a class that implements <see cref="ICarried{TSelf}"/>.</summary>
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
            value.WriteTo(ref writer);
        }
    }

    internal override T? Read(ref ValueReader reader) => reader.ReadPresence() ? T.ReadFrom(ref reader) : null;
}

/// <summary>Throws the refusal of a type that cannot be carried.</summary>
internal sealed class RefusedFormatter<T> : ValueFormatter<T>
{
    internal override void Write(ref ValueWriter writer, T value) => throw CreateRefusal();

    internal override T Read(ref ValueReader reader) => throw CreateRefusal();

    private static NotCarriedException CreateRefusal() =>
        new(TypeCheck.FindRefusal(typeof(T)) ?? $"{TypeNames.GetFullName(typeof(T))} cannot be carried to another process.");
}
