namespace Actors.Messages.Values;

/// <summary>
/// Writes and reads the values of one type. Every value takes at least one byte, so the remaining bytes limit the length of a collection.
/// </summary>
public abstract class ValueFormatter<T>
{
    /// <summary>Whether no part of the type can be refused, so that its parts are not checked.</summary>
    public virtual bool IsPlain => false;

    public abstract void Write(ref ValueWriter writer, T value);

    public abstract T Read(ref ValueReader reader);

    /// <summary>Creates a receiver of a value whose bytes arrive in parts; null if it is decoded from all of its bytes.</summary>
    /// <param name="length">The number of bytes of the encoded value.</param>
    public virtual ValueReceiver<T>? CreateReceiver(int length) => null;
}

/// <summary>Caches the formatter of a type.</summary>
public static class FormatterCache<T>
{
    public static readonly ValueFormatter<T> Formatter = FormatterChoice.CreateFormatter<T>();
}

/// <summary>Caches the result of the check whether a type can be carried.</summary>
public static class RefusalCache<T>
{
    private static readonly string? Refusal = FormatterCache<T>.Formatter.IsPlain ? null : TypeCheck.FindRefusal(typeof(T));

    public static void ThrowIfRefused()
    {
        if (Refusal is not null)
        {
            throw new NotCarriedException(Refusal);
        }
    }
}
