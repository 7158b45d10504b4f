using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>Reads, changes and writes a value of a namespace in one step.</summary>
public sealed class NamespaceUpdateTests(ContainerTests.Setup setup) : IClassFixture<ContainerTests.Setup>
{
    private const int Times = 100;

    [Fact]
    public async Task Update_ManyProcesses_LosesNoUpdate()
    {
        await using var own = await TestPool.StartAsync(2);
        var counters = await setup.Manager.CreateNamespaceAsync();
        counters.Set("hits", 0);
        counters.Set("names", new List<string>());
        var jobs = new[] { own.Pool.ApplyAsync(CountUp, counters, "a"), own.Pool.ApplyAsync(CountUp, counters, "b") };
        await Task.WhenAll(Enumerable.Range(0, Times).Select(_ => counters.UpdateAsync<int>("hits", hits => hits + 1))).Soon();
        foreach (var job in jobs)
            await job.Soon();
        Assert.Equal(3 * Times, counters.Get<int>("hits"));
        Assert.Equal(["a", "b"], counters.Get<List<string>>("names").Order());
    }

    [Fact]
    public async Task Update_Succeeds_ReturnsTheNewValueAndKeepsTheType()
    {
        var values = await setup.Manager.CreateNamespaceAsync();
        values.Set("x", 10);
        Assert.Equal(11, values.Update<int>("x", x => x + 1));
        Assert.Equal(22, await values.UpdateAsync<int>("x", x => 2 * x).Soon());
        Assert.Equal(22, values.Get<int>("x"));
        Assert.Throws<InvalidCastException>(() => values.Update<long>("x", x => x + 1));
        Assert.Throws<KeyNotFoundException>(() => values.Update<int>("y", y => y + 1));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => values.UpdateAsync<int>("y", y => y + 1)).Soon();
        Assert.Throws<FormatException>(() => values.Update<int>("x", _ => throw new FormatException()));
        Assert.Equal(["x"], values.Names);
    }

    /// <summary>Containers must not throw a <see cref="NullReferenceException"/>.</summary>
    [Fact]
    public async Task Update_WithoutAFunction_IsRefused()
    {
        var values = await setup.Manager.CreateNamespaceAsync();
        var dictionary = await setup.Manager.CreateDictionaryAsync([KeyValuePair.Create("a", 1)]);
        var value = await setup.Manager.CreateValueAsync(1);
        Assert.Throws<ArgumentNullException>("change", () => values.Update<int>("x", null!));
        await Assert.ThrowsAsync<ArgumentNullException>("change", () => values.UpdateAsync<int>("x", null!));
        Assert.Throws<ArgumentNullException>("change", () => dictionary.Update("a", null!));
        Assert.Throws<ArgumentNullException>("change", () => dictionary.AddOrUpdate("b", 1, null!));
        await Assert.ThrowsAsync<ArgumentNullException>("change", () => dictionary.UpdateAsync("a", null!));
        Assert.Throws<ArgumentNullException>("change", () => value.Update(null!));
        await Assert.ThrowsAsync<ArgumentNullException>("change", () => value.UpdateAsync(null!));
    }

    private static void CountUp(ManagedNamespace counters, string name)
    {
        for (var i = 0; i < Times; i++)
            counters.Update<int>("hits", hits => hits + 1);
        counters.Update<List<string>>("names", names => [.. names, name]);
    }
}
