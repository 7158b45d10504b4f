using System.Runtime.InteropServices;

namespace Actors.Messages.Values;

/// <summary>A collection that can be made again from its items.</summary>
internal abstract class SequenceFormatter<TCollection, T> : ValueFormatter<TCollection?>
    where TCollection : class, IEnumerable<T>
{
    // Only what is declared as a class arrives as that class; an interface or an abstract class stands for its items.
    private static readonly bool IsExact = typeof(TCollection) is { IsClass: true, IsAbstract: false, IsSealed: false };

    internal override void Write(ref ValueWriter writer, TCollection? value)
    {
        if (value is null)
        {
            writer.WriteLength(-1);
            return;
        }

        if (IsExact)
        {
            writer.RequireExact(value);
        }

        Items.WriteItems(ref writer, ItemsOf(value));
    }

    internal override TCollection? Read(ref ValueReader reader) => Items.ReadItems<T>(ref reader) is { } items ? Build(items) : null;

    protected abstract TCollection Build(T[] items);

    protected static ReadOnlySpan<T> ItemsOf(TCollection value) => value switch
    {
        T[] array => array,
        List<T> list => CollectionsMarshal.AsSpan(list),
        _ => value.ToArray(),
    };
}
