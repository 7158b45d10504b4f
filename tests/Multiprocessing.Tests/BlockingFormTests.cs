using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>The blocking forms of pools, processes and managers, the only forms in Python.</summary>
public sealed class BlockingFormTests
{
    private static readonly double[] Halves = [1.5, 2.5];

    [Fact]
    public void Pool_BlockingForms_WorkFromStartToEnd()
    {
        using (var pool = ProcessPool.Start(1))
        {
            Assert.Equal([3, 7], pool.StarMap(Add, [(1, 2), (3, 4)]));
            Assert.Equal(["1ab"], pool.StarMap((int n, string a, string b) => $"{n}{a}{b}", [(1, "a", "b")], chunkSize: 1));
            Assert.Throws<FormatException>(() => pool.StarMap<int, int, int>((_, _) => throw new FormatException("bad"), [(1, 2)]));
            Assert.Throws<InvalidOperationException>(() => pool.Join());
            pool.Close();
            Assert.Equal(0, pool.Join().Dropped);
        }

        using var other = ProcessPool.Start(1);
        var job = other.ApplyAsync(() => 1);
        Assert.Equal(0, other.Complete().Dropped);
        Assert.Equal(1, job.Get());
        using var third = ProcessPool.Start(1);
        third.ApplyAsync(() => Task.Delay(Timeout.Infinite));
        Assert.Equal(1, third.Terminate().Dropped);
    }

    [Fact]
    public void Process_BlockingForms_WorkFromStartToEnd()
    {
        using var process = new WorkerProcess(() => { });
        process.Start();
        Assert.True(process.Join(Waiting.Guard));
        Assert.Equal(0, process.ExitCode);
        Assert.Throws<InvalidOperationException>(() => process.Start());
    }

    [Fact]
    public void Manager_BlockingForms_WorkForObjectsAndNames()
    {
        using var served = ServedManager.Start();
        using var manager = Manager.Connect(served.Address);
        var lifo = manager.CreateLifoQueue<int>();
        lifo.PutMany([1, 2, 3]);
        Assert.Equal(3, lifo.Get());
        var priorities = manager.CreatePriorityQueue<string, int>(capacity: 2);
        priorities.Put("late", 2);
        priorities.Put("soon", 1);
        Assert.Equal("soon", priorities.Get());
        Assert.Equal([0, 0], manager.CreateArray<int>(2).ToArray());
        Assert.Equal(Halves, manager.CreateArray<double>(Halves).ToArray());
        manager.Publish("lifo", lifo);
        Assert.Equal(2, served.Objects.Find<ManagedQueue<int>>("lifo").Count);
        manager.Unpublish("lifo");
        Assert.Null(manager.TryFind<ManagedQueue<int>>("lifo"));
        Assert.Throws<KeyNotFoundException>(() => manager.Find<ManagedQueue<int>>("lifo"));
    }

    [Fact]
    public void Manager_BlockingForms_WorkForAnObjectOfAClass()
    {
        using var manager = Manager.Start();
        manager.Register<Counter>();
        Assert.Equal(1, manager.Create<Counter>().Call(counter => counter.Next()));
        Assert.Equal(6, manager.Create(() => new Counter { Count = 5 }).Call(counter => counter.Next()));
    }

    private static int Add(int a, int b) => a + b;

    public sealed class Counter
    {
        public int Count { get; set; }

        public int Next() => ++Count;
    }
}
