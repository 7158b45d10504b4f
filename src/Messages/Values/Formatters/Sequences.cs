using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Actors.Messages.Values;

public sealed class ListFormatter<T> : SequenceFormatter<List<T>, T>
{
    protected override List<T> Build(T[] items) => [.. items];
}

public sealed class LinkedListFormatter<T> : SequenceFormatter<LinkedList<T>, T>
{
    protected override LinkedList<T> Build(T[] items) => new(items);
}

public sealed class QueueFormatter<T> : SequenceFormatter<Queue<T>, T>
{
    protected override Queue<T> Build(T[] items) => new(items);
}

// Stacks enumerate their items from the top and are built from the bottom.
public sealed class StackFormatter<T> : SequenceFormatter<Stack<T>, T>
{
    protected override Stack<T> Build(T[] items) => new(items.AsEnumerable().Reverse());
}

public sealed class ConcurrentQueueFormatter<T> : SequenceFormatter<ConcurrentQueue<T>, T>
{
    protected override ConcurrentQueue<T> Build(T[] items) => new(items);
}

public sealed class ConcurrentStackFormatter<T> : SequenceFormatter<ConcurrentStack<T>, T>
{
    protected override ConcurrentStack<T> Build(T[] items) => new(items.AsEnumerable().Reverse());
}

public sealed class ConcurrentBagFormatter<T> : SequenceFormatter<ConcurrentBag<T>, T>
{
    protected override ConcurrentBag<T> Build(T[] items) => new(items.AsEnumerable().Reverse());
}

public sealed class CollectionFormatter<T> : ListFormatterBase<Collection<T>, T>
{
    protected override Collection<T> Build(T[] items) => new([.. items]);
}

public sealed class ObservableCollectionFormatter<T> : SequenceFormatter<ObservableCollection<T>, T>
{
    protected override ObservableCollection<T> Build(T[] items) => new(items);
}

public sealed class ReadOnlyCollectionFormatter<T> : ListFormatterBase<ReadOnlyCollection<T>, T>
{
    protected override ReadOnlyCollection<T> Build(T[] items) => new(items);
}

public sealed class ImmutableListFormatter<T> : SequenceFormatter<ImmutableList<T>, T>
{
    protected override ImmutableList<T> Build(T[] items) => [.. items];
}

public sealed class ImmutableQueueFormatter<T> : SequenceFormatter<ImmutableQueue<T>, T>
{
    protected override ImmutableQueue<T> Build(T[] items) => [.. items];
}

public sealed class ImmutableStackFormatter<T> : SequenceFormatter<ImmutableStack<T>, T>
{
    protected override ImmutableStack<T> Build(T[] items) => ImmutableStack.CreateRange(items.AsEnumerable().Reverse());
}

// Read-only interfaces arrive as arrays, mutable ones as lists, and sets as sets.
public sealed class EnumerableFormatter<T> : SetOrSequenceFormatter<IEnumerable<T>, T>
{
    protected override IEnumerable<T> Build(T[] items) => items;
}

public sealed class ReadOnlyCollectionInterfaceFormatter<T> : SetOrSequenceFormatter<IReadOnlyCollection<T>, T>
{
    protected override IReadOnlyCollection<T> Build(T[] items) => items;
}

public sealed class CollectionInterfaceFormatter<T> : SetOrSequenceFormatter<ICollection<T>, T>
{
    protected override ICollection<T> Build(T[] items) => items.ToList();
}

public sealed class ReadOnlyListInterfaceFormatter<T> : ListFormatterBase<IReadOnlyList<T>, T>
{
    protected override IReadOnlyList<T> Build(T[] items) => items;
}

public sealed class ListInterfaceFormatter<T> : ListFormatterBase<IList<T>, T>
{
    protected override IList<T> Build(T[] items) => items.ToList();
}
