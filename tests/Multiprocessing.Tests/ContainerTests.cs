using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// CPython's <c>_TestContainers</c> and the containers of <c>TestSyncManagerTypes</c>, used in the client and in workers.
/// </summary>
public sealed class ContainerTests(ContainerTests.Setup setup) : IClassFixture<ContainerTests.Setup>
{
    private readonly Manager _manager = setup.Manager;
    private readonly ProcessPool _pool = setup.Pool.Pool;

    /// <summary><c>test_list</c></summary>
    [Fact]
    public void List_EveryOperation_MatchesNetLists()
    {
        var a = _manager.CreateList(Enumerable.Range(0, 10));
        Assert.Equal(Enumerable.Range(0, 10), a);
        var b = _manager.CreateList<int>();
        Assert.Empty(b);
        b.AddRange(Enumerable.Range(0, 5));
        Assert.Equal([0, 1, 2, 3, 4], b[..]);
        Assert.Equal(2, b[2]);
        Assert.Equal([2, 3, 4], b[2..10]);
        b.Repeat(2);
        Assert.Equal([0, 1, 2, 3, 4, 0, 1, 2, 3, 4], b);
        Assert.Equal([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6], b.Concat([5, 6]));
        b[^1] = 9;
        Assert.Equal(9, b.Pop());
        Assert.Equal(0, b.Pop(0));
        Assert.Equal((8, 2, -1, 2), (b.Count, b.CountOf(2), b.IndexOf(9), b.IndexOf(3)));
        b.Insert(0, 7);
        Assert.True(b.Remove(0));
        Assert.False(b.Remove(99));
        b.ReplaceRange(0, 3, [5]);
        Assert.Equal([5, 3, 4, 1, 2, 3], b);
        b.Sort();
        Assert.Equal([1, 2, 3, 3, 4, 5], b);
        b.SortBy(x => -x);
        b.Reverse();
        Assert.Contains(4, b);
        b.RemoveRange(1, 4);
        Assert.Equal([1, 5], b.ToArray());
        b.Clear();
        Assert.Equal(0, b.Count);
    }

    /// <summary>
    /// <c>test_list_proxy_in_list</c>. An item that is read from a managed list is a copy, unless it is a managed object.
    /// </summary>
    [Fact]
    public async Task List_InsideAList_IsSharedAndAPlainListIsCopied()
    {
        var outer = await _manager.CreateListAsync<ManagedList<int>>();
        outer.AddRange([await _manager.CreateListAsync([1, 2]), await _manager.CreateListAsync<int>()]);
        outer[0].Add(3);
        Assert.Equal([1, 2, 3], outer[0]);
        await _pool.ApplyAsync(lists => lists[^1].Add(Environment.ProcessId > 0 ? 4 : 0), outer).Soon();
        Assert.Equal([4], outer[1]);

        var plain = await _manager.CreateListAsync<List<int>>([[1]]);
        plain[0].Add(2);
        Assert.Equal([1], plain[0]);
        plain.Update(0, list => [.. list, 2]);
        Assert.Equal([1, 2], plain[0]);
    }

    /// <summary>Python raises <c>IndexError</c>.</summary>
    [Fact]
    public async Task List_IndexBeyondTheEnd_IsRefused()
    {
        var list = await _manager.CreateListAsync([1]);

        Assert.Throws<ArgumentOutOfRangeException>(() => list[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[^2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[1] = 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Insert(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Pop(^2));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Update(1, x => x));
        list.Clear();
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Pop());
    }

    /// <summary><c>test_dict</c>, <c>test_dict_iter</c></summary>
    [Fact]
    public async Task Dictionary_EveryOperation_MatchesNetDictionaries()
    {
        var d = await _manager.CreateDictionaryAsync<int, string>();
        for (var i = 65; i < 70; i++)
            d[i] = ((char)i).ToString();
        Assert.Equal([65, 66, 67, 68, 69], d.Keys);
        Assert.Equal(["A", "B", "C", "D", "E"], d.Values);
        Assert.Equal(d.ToDictionary(), d.ToDictionary(pair => pair.Key, pair => pair.Value));
        Assert.Equal(("A", null, "X"), (d.GetValueOrDefault(65), d.GetValueOrDefault(1), d.GetValueOrDefault(1, "X")));
        Assert.Equal(("A", "Z"), (d.GetOrAdd(65, "Z"), d.GetOrAdd(90, _ => "Z")));
        Assert.True(d.ContainsKey(90));
        Assert.Equal(KeyValuePair.Create(90, "Z"), d.PopItem());
        Assert.Equal("B", d.Pop(66));
        Assert.False(d.Remove(66));
        Assert.Throws<KeyNotFoundException>(() => d[66]);
        Assert.Throws<KeyNotFoundException>(() => d.Pop(66));
        Assert.Throws<ArgumentException>(() => d.Add(65, "again"));
        Assert.False(d.TryUpdate(65, "new", "other"));
        Assert.True(d.TryUpdate(65, "new", "A"));
        d.SetMany([new(1, "one"), new(65, "A")]);
        Assert.Equal((5, "A", "one"), (d.Count, d[65], await d.GetAsync(1)));
        d.Clear();
        Assert.Throws<InvalidOperationException>(() => d.PopItem());
    }

    /// <summary><c>test_dict_proxy_nested</c></summary>
    [Fact]
    public async Task Dictionary_NestedDictionariesAndQueues_WorkInClientAndWorker()
    {
        var people = await _manager.CreateDictionaryAsync<string, ManagedDictionary<string, ManagedQueue<int>>>();
        people["ann"] = await _manager.CreateDictionaryAsync<string, ManagedQueue<int>>(
            [new("mail", await _manager.CreateQueueAsync<int>())]);

        await _pool.ApplyAsync(all => all["ann"]["mail"].Put(5), people).Soon();

        Assert.Equal(5, people["ann"]["mail"].Get(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Dictionary_TupleAndRecordKeys_AreComparedByValue()
    {
        var d = await _manager.CreateDictionaryAsync<(string, Key), int>();
        d[("a", new Key(1, DayOfWeek.Friday))] = 3;

        Assert.Equal(3, await _pool.ApplyAsync(all => all[("a", new Key(1, DayOfWeek.Friday))], d).Soon());
        Assert.Contains(
            "0.0", (
                await Assert.ThrowsAsync<ArgumentException>(
                    () => _manager.CreateDictionaryAsync<(int, double), int>())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => _manager.CreateDictionaryAsync<List<int>, int>());
        await Assert.ThrowsAsync<ArgumentException>(() => _manager.CreateDictionaryAsync<Derived, int>());
    }

    /// <summary>
    /// <c>test_namespace</c>. In Python a name that begins with an underscore belongs to the proxy; here it is an ordinary name.
    /// </summary>
    [Fact]
    public async Task Namespace_ValuesOfSeveralTypes_AreSetReadAndRemoved()
    {
        var n = await _manager.CreateNamespaceAsync();
        n.Set("name", "Bob");
        n.Set("job", 7);
        n.Set("_hidden", new List<int> { 1 });
        await _pool.ApplyAsync(ns => ns.Set("job", ns.Get<int>("job") + 1), n).Soon();

        Assert.Equal(("Bob", 8), (n.Get<string>("name"), n.Get<int>("job")));
        Assert.Equal([1], n.Get<List<int>>("_hidden"));
        Assert.Throws<InvalidCastException>(() => n.Get<int>("name"));
        Assert.True(n.Remove("job"));
        Assert.Throws<KeyNotFoundException>(() => n.Get<int>("job"));
        Assert.Equal(["name", "_hidden"], n.Names);
    }

    /// <summary><c>test_value</c>. In Python and here, <c>v.value += 1</c> loses updates; <c>Update</c> does not.</summary>
    [Fact]
    public async Task Value_UpdatedByManyProcesses_LosesNoUpdate()
    {
        var value = await _manager.CreateValueAsync(0);
        var counts = await _manager.CreateDictionaryAsync<string, int>();
        var list = await _manager.CreateListAsync([0]);

        var jobs = Enumerable.Range(0, 4).Select(_ => _pool.ApplyAsync(Count, value, counts, list)).ToArray();
        Count(value, counts, list);
        foreach (var job in jobs)
            await job.Soon();

        Assert.Equal((500, 500, 500), (value.Value, counts["all"], list[0]));
        Assert.True(value.CompareExchange(1, 500));
        Assert.False(value.CompareExchange(2, 500));
        Assert.Equal("ManagedValue(1)", value.ToString());
    }

    [Fact]
    public async Task List_LargerThanAMessage_IsReadWhole()
    {
        var list = await _manager.CreateListAsync<byte[]>();
        for (var i = 0; i < 5; i++)
            list.Add(new byte[3 << 20]);

        Assert.Equal(15 << 20, await _pool.ApplyAsync(all => all.Sum(item => item.Length), list).Soon());
    }

    private static void Count(ManagedValue<int> value, ManagedDictionary<string, int> counts, ManagedList<int> list)
    {
        for (var i = 0; i < 100; i++)
        {
            value.Update(n => n + 1);
            counts.AddOrUpdate("all", 1, n => n + 1);
            list.Update(0, n => n + 1);
        }
    }

    internal record Base(double Hidden);

    internal sealed record Derived(int Number) : Base(1);

    internal sealed record Key(int Number, DayOfWeek Day);

    public sealed class Setup : IAsyncLifetime
    {
        public Manager Manager { get; private set; } = null!;

        internal TestPool Pool { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Manager = await Actors.Manager.StartAsync().Soon();
            Pool = await TestPool.StartAsync(2);
        }

        public async Task DisposeAsync()
        {
            await Pool.DisposeAsync();
            await Manager.DisposeAsync().AsTask().Soon();
        }
    }
}
