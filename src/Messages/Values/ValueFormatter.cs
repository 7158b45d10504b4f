namespace Actors.Messages.Values;

/// <summary>
/// Writes and reads the values of one type. Every value takes at least one byte, so the remaining bytes limit the length of a collection.
/// </summary>
internal abstract class ValueFormatter<T>
{
    /// <summary>Whether no part of the type can be refused, so that its parts are not checked.</summary>
    internal virtual bool IsPlain => false;

    internal abstract void Write(ref ValueWriter writer, T value);

    internal abstract T Read(ref ValueReader reader);
}

/// <summary>Caches the formatter of a type.</summary>
internal static class FormatterCache<T>
{
    internal static readonly ValueFormatter<T> Formatter = FormatterChoice.CreateFormatter<T>();
}

/// <summary>Caches the result of the check whether a type can be carried.</summary>
internal static class RefusalCache<T>
{
    private static readonly string? Refusal = FormatterCache<T>.Formatter.IsPlain ? null : TypeCheck.FindRefusal(typeof(T));

    internal static void ThrowIfRefused()
    {
        if (Refusal is not null)
        {
            throw new NotCarriedException(Refusal);
        }
    }
}
