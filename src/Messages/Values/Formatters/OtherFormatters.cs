namespace Actors.Messages.Values;

/// <summary>Writes a class that implements <see cref="ICarried{TSelf}"/>.</summary>
public sealed class CarriedFormatter<T> : ValueFormatter<T?>
    where T : class, ICarried<T>
{
    public override bool IsPlain => true;

    public override void Write(ref ValueWriter writer, T? value)
    {
        writer.WriteRaw(value is null ? (byte)0 : (byte)1);
        if (value is not null)
        {
            writer.RequireExact(value);
            value.WriteTo(ref writer);
        }
    }

    public override T? Read(ref ValueReader reader) => reader.ReadPresence() ? T.ReadFrom(ref reader) : null;
}

/// <summary>Throws the refusal of a type that cannot be carried.</summary>
public sealed class RefusedFormatter<T> : ValueFormatter<T>
{
    public override void Write(ref ValueWriter writer, T value) => throw CreateRefusal();

    public override T Read(ref ValueReader reader) => throw CreateRefusal();

    private static NotCarriedException CreateRefusal() =>
        new(TypeCheck.FindRefusal(typeof(T)) ?? $"{TypeNames.GetFullName(typeof(T))} cannot be carried to another process.");
}
