using System.Runtime.InteropServices;

namespace Actors.Messages.Values;

/// <summary>Writes a collection that can be built from its items.</summary>
public abstract class SequenceFormatter<TCollection, T> : ValueFormatter<TCollection?>
    where TCollection : class, IEnumerable<T>
{
    // Only members declared as a class arrive as that class. For an interface or an abstract class the items are sent.
    private static readonly bool IsExact = typeof(TCollection) is { IsClass: true, IsAbstract: false, IsSealed: false };

    public override void Write(ref ValueWriter writer, TCollection? value)
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

    public override TCollection? Read(ref ValueReader reader) => Items.ReadItems<T>(ref reader) is { } items ? Build(items) : null;

    protected abstract TCollection Build(T[] items);

    protected static ReadOnlySpan<T> ItemsOf(TCollection value) => value switch
    {
        T[] array => array,
        List<T> list => CollectionsMarshal.AsSpan(list),
        _ => value.ToArray(),
    };
}
