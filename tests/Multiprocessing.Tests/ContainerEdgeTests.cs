using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// Edge cases of arrays, lists, dictionaries, namespaces, values and shared memory: invalid arguments, and calls in the wrong state.
/// </summary>
public sealed class ContainerEdgeTests(ContainerTests.Setup setup) : IClassFixture<ContainerTests.Setup>
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);

    private readonly Manager _manager = setup.Manager;
    private readonly ProcessPool _pool = setup.Pool.Pool;

    [Fact]
    public void Array_EdgeCases_MatchNetArrays()
    {
        using var empty = _manager.CreateArray<int>(0);
        Assert.Equal((0, true), (empty.Length, empty.Span.IsEmpty));
        Assert.Empty(empty.ToArray());
        Assert.Equal(0, _pool.Apply(elements => elements.Length + elements.ToArray().Length, empty));
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.CreateArray<int>(-1));
        using var array = _manager.CreateArray<long>(new long[] { 1, 2, 3 });
        Assert.Throws<ArgumentOutOfRangeException>(() => array[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[3] = 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Write(2, [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Write(int.MaxValue, [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Read(-1, new long[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Update(3, x => x));
        array.Write(3, []);
        Assert.Equal([1, 2, 3], array.ToArray());
        Assert.Throws<FormatException>(() => array.Update(0, _ => throw new FormatException("mine")));
        Assert.False(array.Lock.IsLocked);
    }

    [Fact]
    public void List_EdgeCases_MatchNetLists()
    {
        var list = _manager.CreateList([1, 2, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[^4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[3] = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Pop(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.RemoveAt(^4));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.RemoveRange(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.RemoveRange(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.ReplaceRange(3, 1, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Insert(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Update(3, x => x));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Repeat(-1));
        Assert.Equal((-1, 2, -1), (list.IndexOf(9), list.IndexOf(3, 1), list.IndexOf(1, 1)));
        Assert.Equal(-1, list.IndexOf(3, 3));
        Assert.Empty(list[3..]);
        Assert.Empty(list[5..9]);
        Assert.Equal([2, 3], list[1..99]);
        Assert.Equal([1, 2, 3], list[..^0]);
        list.Insert(^0, 4);
        list.Insert(0, 0);
        Assert.Equal([0, 1, 2, 3, 4], list);
        list.RemoveRange(5, 0);
        list.AddRange([]);
        list.Repeat(0);
        Assert.Empty(list);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Pop());
        list.Sort();
        list.Reverse();
        list.Clear();
        Assert.Empty(list.ToArray());
    }

    [Fact]
    public void List_SortOfIncomparableItems_ThrowsAndChangesNothing()
    {
        var list = _manager.CreateList<Plain>([new Plain(2), new Plain(1)]);
        Assert.Throws<InvalidOperationException>(() => list.Sort());
        Assert.Equal([2, 1], list.Select(item => item.Number));
        list.SortBy(item => item.Number);
        Assert.Equal([1, 2], list.Select(item => item.Number));
        Assert.Throws<FormatException>(() => list.UpdateAll(_ => throw new FormatException("mine")));
        Assert.Equal(2, list.Count);
    }

    [Fact]
    public void List_SortBy_IsStable()
    {
        var list = _manager.CreateList(Enumerable.Range(0, 100).Select(i => (i % 3, i)));
        list.SortBy(pair => pair.Item1);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (i % 3, i)).OrderBy(pair => pair.Item1), list.ToArray());
    }

    [Fact]
    public void List_ChangedDuringEnumeration_YieldsASnapshot()
    {
        var list = _manager.CreateList([1, 2]);
        var seen = new List<int>();
        foreach (var item in list)
        {
            seen.Add(item);
            list.Add(item + 10);
        }

        Assert.Equal([1, 2], seen);
        Assert.Equal(4, list.Count);
    }

    [Fact]
    public void Dictionary_EdgeCases_MatchNetDictionaries()
    {
        var dictionary = _manager.CreateDictionary<string, int?>();
        Assert.Throws<KeyNotFoundException>(() => dictionary["a"]);
        Assert.Throws<KeyNotFoundException>(() => dictionary.Pop("a"));
        Assert.Throws<InvalidOperationException>(() => dictionary.PopItem());
        Assert.Throws<KeyNotFoundException>(() => dictionary.Update("a", x => x));
        Assert.Throws<ArgumentNullException>(() => dictionary[null!] = 1);
        Assert.Throws<ArgumentNullException>(() => dictionary.ContainsKey(null!));
        Assert.Throws<ArgumentNullException>(() => dictionary.TryGetValue(null!, out _));
        Assert.False(dictionary.Remove("a"));
        Assert.False(dictionary.TryRemove("a", out _));
        dictionary.Add("a", null);
        Assert.Throws<ArgumentException>(() => dictionary.Add("a", 1));
        Assert.False(dictionary.TryAdd("a", 1));
        Assert.Null(dictionary.GetOrAdd("a", 5));
        Assert.Null(dictionary.GetValueOrDefault("a", 7));
        Assert.Equal(7, dictionary.GetValueOrDefault("b", 7));
        Assert.False(dictionary.ContainsKey("b"));
        Assert.Equal(8, dictionary.AddOrUpdate("b", 8, x => x + 1));
        Assert.Equal(9, dictionary.AddOrUpdate("b", 8, x => x + 1));
        Assert.False(dictionary.TryUpdate("b", 1, 2));
        Assert.True(dictionary.TryUpdate("b", 1, 9));
        dictionary[""] = 3;
        Assert.Equal(["a", "b", ""], dictionary.Keys);
        dictionary["a"] = 4;
        Assert.Equal(["a", "b", ""], dictionary.Keys);
        dictionary.Remove("a");
        dictionary["a"] = 5;
        Assert.Equal(["b", "", "a"], dictionary.Keys);
        Assert.Equal(new KeyValuePair<string, int?>("a", 5), dictionary.PopItem());
        Assert.Equal([1, 3], dictionary.Values);
        Assert.Throws<FormatException>(() => dictionary.GetOrAdd("z", _ => throw new FormatException("mine")));
        Assert.False(dictionary.ContainsKey("z"));
    }

    [Fact]
    public void Dictionary_DuplicateKeysAtCreation_KeepsTheLastValue()
    {
        var dictionary = _manager.CreateDictionary<int, int>([new(1, 1), new(1, 2)]);
        Assert.Equal(2, dictionary[1]);
        Assert.Equal(1, dictionary.Count);
        dictionary.SetMany([new(1, 3), new(2, 1), new(2, 4)]);
        Assert.Equal([3, 4], dictionary.Values);
    }

    [Fact]
    public void Namespace_EdgeCases_NameTheMissingValue()
    {
        var names = _manager.CreateNamespace();
        Assert.Throws<KeyNotFoundException>(() => names.Get<int>("x"));
        Assert.Throws<KeyNotFoundException>(() => names.Update<int>("x", x => x));
        Assert.ThrowsAny<ArgumentException>(() => names.Set("", 1));
        Assert.ThrowsAny<ArgumentException>(() => names.Set(null!, 1));
        Assert.False(names.Remove("x"));
        names.Set<string?>("_x", null);
        Assert.Null(names.Get<string?>("_x"));
        Assert.Throws<InvalidCastException>(() => names.Get<int>("_x"));
        names.Set("_x", 1);
        Assert.Equal(2, names.Update<int>("_x", x => x + 1));
        Assert.Equal(["_x"], names.Names);
    }

    [Fact]
    public void Value_EdgeCases_KeepTheValue()
    {
        var value = _manager.CreateValue<string?>(null);
        Assert.Null(value.Value);
        Assert.False(value.CompareExchange("b", "a"));
        Assert.True(value.CompareExchange("b", null));
        Assert.Throws<FormatException>(() => value.Update(_ => throw new FormatException("mine")));
        Assert.Equal("b", value.Value);
        Assert.Equal(double.NaN, _manager.CreateValue(double.NaN).Value);
    }

    [Fact]
    public void SharedMemory_EdgeCases_AreRefusedOrRemoved()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedMemory.Create(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedMemory.Create(-1));
        foreach (var name in new[] { "", " ", "a/b", "../x", "a\0b", new string('x', 300) })
        {
            Assert.ThrowsAny<ArgumentException>(() => SharedMemory.Create(1, name));
            Assert.ThrowsAny<ArgumentException>(() => SharedMemory.Open(name));
        }

        var block = SharedMemory.Create(10, $"edge-{Environment.ProcessId}");
        Assert.ThrowsAny<IOException>(() => SharedMemory.Create(10, block.Name));
        block.Unlink();
        block.Unlink();
        Assert.Throws<FileNotFoundException>(() => SharedMemory.Open(block.Name));
        block.Span[9] = 1;
        Assert.Throws<IndexOutOfRangeException>(() => block.Span[10] = 1);
        block.Dispose();
        block.Dispose();
        Assert.Throws<ObjectDisposedException>(() => block.Span.Length);
    }

    [Fact]
    public async Task Manager_Disposed_RefusesAllCalls()
    {
        var manager = await Manager.StartAsync();
        var list = manager.CreateList([1]);
        Assert.Throws<KeyNotFoundException>(() => manager.Find<ManagedList<int>>("none"));
        Assert.Null(manager.TryFind<ManagedList<int>>("none"));
        manager.Publish("list", list);
        manager.Publish("list", list);
        Assert.Throws<InvalidOperationException>(() => manager.Publish("list", manager.CreateList([2])));
        Assert.Throws<InvalidCastException>(() => manager.Find<ManagedList<long>>("list"));
        Assert.Equal([1], manager.Find<ManagedList<int>>("list"));
        manager.Unpublish("list");
        manager.Unpublish("list");
        Assert.ThrowsAny<ArgumentException>(() => manager.Publish("", list));
        await manager.DisposeAsync();
        await manager.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => manager.CreateList<int>());
        Assert.Throws<ObjectDisposedException>(() => manager.Find<ManagedList<int>>("list"));
        Assert.Throws<ManagedObjectGoneException>(() => list.Count);
    }

    [Fact]
    public async Task Objects_InAWorker_RefuseTheSameCalls()
    {
        var list = _manager.CreateList([1, 2]);
        var dictionary = _manager.CreateDictionary<int, int>();
        var barrier = _manager.CreateBarrier(2);
        var errors = await _pool.ApplyAsync(Errors, list, dictionary, barrier).Soon();
        Assert.Equal(
            [
                "ArgumentOutOfRangeException", "KeyNotFoundException", "InvalidOperationException", "BrokenBarrierException",
                "BrokenBarrierException",
            ],
            errors);
    }

    private static string[] Errors(ManagedList<int> list, ManagedDictionary<int, int> dictionary, ManagedBarrier barrier) =>
    [
        NameOf(() => list[2] = 1),
        NameOf(() => dictionary.Pop(1)),
        NameOf(() => dictionary.PopItem()),
        NameOf(() => barrier.SignalAndWait(Short)),
        NameOf(() => barrier.SignalAndWait()),
    ];

    private static string NameOf(Action action)
    {
        try
        {
            action();
            return "";
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    }

    public sealed class Plain(int number)
    {
        public int Number { get; } = number;
    }
}
