using System.Reflection;
using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>Each blocking method has an asynchronous form with the same effect.</summary>
public sealed class AsyncFormTests(ContainerTests.Setup setup) : IClassFixture<ContainerTests.Setup>
{
    private static readonly string[] NeedNone = ["GetEnumerator", "ToString", "Dispose", "Equals", "GetHashCode", "GetType"];

    private readonly Manager _manager = setup.Manager;

    [Theory]
    [InlineData(typeof(ManagedList<>))]
    [InlineData(typeof(ManagedDictionary<,>))]
    [InlineData(typeof(ManagedNamespace))]
    [InlineData(typeof(ManagedValue<>))]
    [InlineData(typeof(ManagedArray<>))]
    [InlineData(typeof(ManagedQueue<>))]
    [InlineData(typeof(ManagedPriorityQueue<,>))]
    [InlineData(typeof(ManagedLock))]
    [InlineData(typeof(ManagedReentrantLock))]
    [InlineData(typeof(ManagedSemaphore))]
    [InlineData(typeof(ManagedCondition))]
    [InlineData(typeof(ManagedEvent))]
    [InlineData(typeof(ManagedBarrier))]
    [InlineData(typeof(PipeEnd<>))]
    public void BlockingMethod_AnyType_HasAnAsyncForm(Type type)
    {
        var names = type.GetMethods(BindingFlags.Instance | BindingFlags.Public)
            .Where(method => !method.IsSpecialName).Select(method => method.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(
            names.Where(
                name => !name.EndsWith("Async", StringComparison.Ordinal) && !names.Contains(name + "Async")).Except(NeedNone,
                StringComparer.Ordinal));
    }

    /// <summary>Properties and indexers are blocking forms of asynchronous getters and setters.</summary>
    [Fact]
    public void AsyncMethod_AnyType_HasABlockingForm()
    {
        // A blocking program submits with ApplyAsync, which does not wait, and can wait for the handle's Accepted. Python has no
        // durable jobs.
        string[] deliberate =
        [
            "ConnectionListener.AcceptAllAsync", "DurableJobs.CancelAsync", "DurableJobs.DeleteAsync", "DurableJobs.FindAsync",
            "DurableJobs.ListAsync", "DurableJobs.RetryAsync", "IPollable.PollAsync", "ProcessPool.SubmitAsync",
            "ProcessPool.SubmitMapAsync", "ProcessPool.SubmitStarMapAsync", "ServiceJobs`1.SubmitAsync",
        ];
        var without =
            from type in typeof(ProcessPool).Assembly.GetExportedTypes()
            let names = type.GetMembers().Select(member => member.Name).ToHashSet(StringComparer.Ordinal)
            from name in names
            where name.EndsWith("Async", StringComparison.Ordinal) && !names.Contains(name[..^5])
                && !(name is "GetAsync" or "SetAsync" && (names.Contains("Item") || names.Contains("Value")))
            select $"{type.Name}.{name}";

        Assert.Equal(deliberate, without.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task List_EveryOperation_MatchesItsBlockingForm()
    {
        var list = await _manager.CreateListAsync(Enumerable.Range(0, 5));
        await list.InsertAsync(^1, 9).Soon();
        Assert.Equal("0 1 2 3 9 4", string.Join(' ', await list.ToArrayAsync().Soon()));
        Assert.Equal((4, 0, 9), (await list.PopAsync(), await list.PopAsync(0), await list.PopAsync(^1)));
        await list.RepeatAsync(2).Soon();
        Assert.Equal((2, 1, true), (await list.CountOfAsync(2), await list.IndexOfAsync(2), await list.ContainsAsync(3)));
        Assert.Equal(-1, await list.IndexOfAsync(7));
        await list.ReplaceRangeAsync(0, 3, [8]).Soon();
        Assert.True(await list.RemoveAsync(8));
        Assert.False(await list.RemoveAsync(8));
        await list.SortByAsync(x => -x).Soon();
        Assert.Equal([3, 2, 1], list);
        await list.SortAsync().Soon();
        await list.ReverseAsync().Soon();
        Assert.True(await list.CompareExchangeAsync(0, 6, 3));
        Assert.False(await list.CompareExchangeAsync(0, 7, 3));
        await list.RemoveAtAsync(^1).Soon();
        await list.RemoveRangeAsync(0, 1).Soon();
        Assert.Equal([2], list);
        await list.ClearAsync().Soon();
        Assert.Equal(0, await list.CountAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => list.PopAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => list.InsertAsync(1, 1));
    }

    [Fact]
    public async Task Dictionary_EveryOperation_MatchesItsBlockingForm()
    {
        var d = await _manager.CreateDictionaryAsync<string, int>();
        await d.AddAsync("a", 1).Soon();
        await Assert.ThrowsAsync<ArgumentException>(() => d.AddAsync("a", 2));
        Assert.False(await d.TryAddAsync("a", 2));
        Assert.Equal((true, 1), await d.TryGetValueAsync("a"));
        Assert.Equal((false, 0), await d.TryGetValueAsync("b"));
        Assert.Equal((5, 1), (await d.GetValueOrDefaultAsync("b", 5), await d.GetValueOrDefaultAsync("a", 5)));
        Assert.Equal((7, 1), (await d.GetOrAddAsync("c", _ => 7), await d.GetOrAddAsync("a", _ => 7)));
        Assert.True(await d.TryUpdateAsync("a", 3, 1));
        Assert.False(await d.TryUpdateAsync("a", 4, 1));
        Assert.Equal(d.ToDictionary(), await d.ToDictionaryAsync());
        Assert.Equal(KeyValuePair.Create("c", 7), await d.PopItemAsync());
        Assert.Equal(3, await d.PopAsync("a"));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => d.PopAsync("a"));
        Assert.Equal((false, 0), await d.TryRemoveAsync("a"));
        Assert.False(await d.ContainsKeyAsync("a"));
        await d.ClearAsync().Soon();
        Assert.Equal(0, await d.CountAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => d.PopItemAsync());
    }

    [Fact]
    public async Task NamespaceAndQueues_EveryOperation_MatchTheirBlockingForms()
    {
        var n = await _manager.CreateNamespaceAsync();
        await n.SetAsync("x", 10).Soon();
        Assert.Equal((10, (false, null)), (await n.GetAsync<int>("x"), await n.TryGetAsync<string>("y")));
        await Assert.ThrowsAsync<InvalidCastException>(() => n.GetAsync<string>("x"));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => n.GetAsync<string>("y"));
        Assert.Equal(["x"], await n.NamesAsync());
        Assert.True(await n.RemoveAsync("x"));

        var queue = await _manager.CreateQueueAsync<int>();
        Assert.Equal((false, 0), await queue.TryGetAsync());
        await queue.PutAsync(4);
        Assert.Equal((true, 4), await queue.TryGetAsync());
        await queue.TaskDoneAsync().Soon();
        Assert.True(await queue.JoinAsync().Soon());

        var priorities = await _manager.CreatePriorityQueueAsync<string, int>();
        await priorities.PutAsync("x", 1);
        Assert.Equal(1, await priorities.CountAsync());
        Assert.Equal((true, "x", 1), await priorities.TryGetAsync());
        await priorities.TaskDoneAsync().Soon();
        await Assert.ThrowsAsync<InvalidOperationException>(() => priorities.TaskDoneAsync());
    }

    [Fact]
    public async Task Array_LocalOrServedManager_IsReadAndWritten()
    {
        await using var served = await ServedManager.StartAsync().Soon();
        foreach (var manager in new[] { _manager, served.Objects })
        {
            var array = await manager.CreateArrayAsync<int>(3_000_000);
            await array.WriteAsync(0, [.. Enumerable.Range(0, array.Length)]).Soon();
            await array.SetAsync(2, 7).Soon();
            Assert.Equal((14, 1), (await array.UpdateAsync(2, value => 2 * value).Soon(), await array.GetAsync(1).Soon()));
            Assert.Equal("14 3", string.Join(' ', await array.ReadAsync(2, 2).Soon()));
            Assert.Equal(2_999_999, (await array.ToArrayAsync().Soon())[^1]);
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => array.ReadAsync(0, -1));
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => array.WriteAsync(2_999_999, [1, 2]));
        }
    }
}
