using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>TestInitializers.test_manager_initializer</c>.</summary>
public sealed class ManagerInitializerTests(ContainerTests.Setup setup) : IClassFixture<ContainerTests.Setup>
{
    private static int _setUpWith;

    [Fact]
    public async Task Initializer_Manager_RunsOnceAtItsStart()
    {
        var seen = await setup.Manager.CreateNamespaceAsync();
        seen.Set("count", 0);
        seen.Set("process", 0);
        await using var manager = await Manager.StartAsync(PoolInitializer.Of(Count, seen)).Soon();
        Assert.Equal(1, seen.Get<int>("count"));
        Assert.NotEqual(Environment.ProcessId, seen.Get<int>("process"));
        Assert.True(await Waiting.Until(() => !ProcessIds.IsRunning(seen.Get<int>("process")), Waiting.Guard));
        var queue = await manager.CreateQueueAsync<int>();
        await queue.PutAsync(1);
        Assert.Equal(1, seen.Get<int>("count"));
    }

    [Fact]
    public async Task Initializer_Manager_RunsInTheProcessOfEachObject()
    {
        using var manager = Manager.Start(PoolInitializer.Of(SetUp, 7));
        var reader = await manager.CreateAsync(() => new Reader()).Soon();
        Assert.Equal((7, 0), (await reader.CallAsync(r => r.Seen).Soon(), _setUpWith));
    }

    [Fact]
    public async Task Initializer_Throws_FailsTheStartWithItsException()
    {
        var exception = await Assert.ThrowsAsync<FormatException>(
            () => Manager.StartAsync(PoolInitializer.Of(Throw, "no database"))).Soon();
        Assert.Equal("no database", exception.Message);
        Assert.Throws<FormatException>(() => Manager.Start(PoolInitializer.Of(Throw, "no database")));
        await Assert.ThrowsAsync<WorkerLostException>(() => Manager.StartAsync(PoolInitializer.Of(() => Environment.Exit(3)))).Soon();
        await Assert.ThrowsAsync<ArgumentNullException>("initializer", () => Manager.StartAsync(initializer: null!));
    }

    /// <summary>The initializer fails only at its second call, in the process of the object.</summary>
    [Fact]
    public async Task Initializer_ThrowsInTheProcessOfAnObject_FailsItsCreation()
    {
        var seen = await setup.Manager.CreateNamespaceAsync();
        seen.Set("count", 0);
        seen.Set("process", 0);
        await using var manager = await Manager.StartAsync(PoolInitializer.Of(ThrowTheSecondTime, seen)).Soon();
        var exception = await Assert.ThrowsAsync<PoolFailedException>(() => manager.CreateAsync(() => new Reader())).Soon();
        Assert.IsType<FormatException>(exception.InnerException);
    }

    private static void Count(ManagedNamespace seen)
    {
        seen.Update<int>("count", count => count + 1);
        seen.Set("process", Environment.ProcessId);
    }

    private static void SetUp(int value) => _setUpWith = value;

    private static void Throw(string message) => throw new FormatException(message);

    private static void ThrowTheSecondTime(ManagedNamespace seen)
    {
        Count(seen);
        if (seen.Get<int>("count") > 1)
            throw new FormatException("second");
    }

    public sealed class Reader
    {
        public int Seen { get; } = _setUpWith;
    }
}
