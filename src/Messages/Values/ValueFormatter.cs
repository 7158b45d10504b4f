namespace Actors.Messages.Values;

/// <summary>How values of one type travel. Every value takes at least one byte: that is what bounds the lengths of collections.</summary>
internal abstract class ValueFormatter<T>
{
    /// <summary>The type holds nothing that could be refused, so its graph needs no check.</summary>
    internal virtual bool IsPlain => false;

    internal abstract void Write(ref ValueWriter writer, T value);

    internal abstract T Read(ref ValueReader reader);
}

/// <summary>The formatter of a type, chosen when it is first needed.</summary>
internal static class FormatterCache<T>
{
    internal static readonly ValueFormatter<T> Formatter = FormatterChoice.CreateFormatter<T>();
}

/// <summary>Whether the whole graph of a type can be carried, found out when it is first needed.</summary>
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
