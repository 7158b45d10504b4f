using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestContainers</c>: managed objects inside managed objects.</summary>
public sealed class NestedObjectTests
{
    /// <summary><c>test_nested_queue</c></summary>
    [Fact]
    public async Task Queue_InsideAQueue_WorksInClientAndWorker()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await using var own = await TestPool.StartAsync(1);
        var outer = await manager.CreateQueueAsync<ManagedQueue<int>>();
        var inner = await manager.CreateQueueAsync<int>();
        outer.PutMany([inner, inner]);

        await own.Pool.ApplyAsync(queues => queues.Get().Put(42), outer).Soon();

        Assert.Equal(42, outer.Get().Get());
    }
}
