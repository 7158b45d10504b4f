using System.Reflection;
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
    public void Pool_AsyncFunctions_RunInBlockingForms()
    {
        using var pool = ProcessPool.Start(1);

        Assert.Equal((1, 3, 5), (pool.Apply(async () => await Later(1)), pool.Apply(Later, 3), pool.Apply(AddLater, 2, 3)));
        pool.Apply(async x => { await Later(x); }, 1);
        Assert.Equal([1, 2], pool.Map(Later, [1, 2]));
        Assert.Equal([1, 2], pool.Map(async x => await Later(x), [1, 2]));
        Assert.Equal([1, 2], pool.MapResults(Later, [1, 2]).Select(result => result.Value));
        Assert.Equal([3], pool.StarMap(AddLater, [(1, 2)]));
        Assert.Equal([3], pool.StarMapResults(AddLater, [(1, 2)]).Select(result => result.Value));
        Assert.Equal((6, 16), (pool.MapReduce([1, 2, 3], Later, Add), pool.MapReduce([1, 2, 3], 10, Later, Add)));
    }

    /// <summary>An async function that a blocking form takes as a function with a result of type Task is refused at run time.</summary>
    [Fact]
    public void AsyncFunction_AnyBlockingForm_HasAnOverload()
    {
        var without =
            from type in typeof(ProcessPool).Assembly.GetExportedTypes()
            from method in type.GetMethods()
            where method.Name.EndsWith("Async", StringComparison.Ordinal) && method.GetParameters().Any(IsAsyncFunction)
            let forms = type.GetMethods().Where(form => form.Name == method.Name[..^5]).ToList()
            where forms.Count > 0 && !forms.Exists(form => form.GetParameters().Any(IsAsyncFunction)
                && form.GetGenericArguments().Length == method.GetGenericArguments().Length)
            select $"{type.Name}.{method}";

        Assert.Empty(without);
    }

    [Fact]
    public void Process_StartWithFunction_RunsItWithItsArguments()
    {
        using var manager = Manager.Start();
        var seen = manager.CreateQueue<int>();

        using (var process = WorkerProcess.Start(Put, seen, 5, new WorkerProcessOptions { Name = "five" }))
        {
            Assert.Equal("five", process.Name);
            Assert.True(process.Join(Waiting.Guard));
        }

        using (var process = WorkerProcess.Start(PutLater, seen, 6))
            Assert.True(process.Join(Waiting.Guard));

        Assert.Equal([5, 6], new[] { seen.Get(), seen.Get() });
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
        Assert.Equal(1, manager.Create<Counter>().Call(async counter => await Later(counter.Next())));
        Assert.Equal(6, manager.Create(() => new Counter { Count = 5 }).Call(counter => counter.Next()));
    }

    private static bool IsAsyncFunction(ParameterInfo parameter) =>
        parameter.ParameterType is { IsGenericType: true } type && type.IsAssignableTo(typeof(Delegate))
        && type.GetMethod("Invoke")!.ReturnType.IsAssignableTo(typeof(Task));

    private static void Put(ManagedQueue<int> queue, int item) => queue.Put(item);

    private static Task PutLater(ManagedQueue<int> queue, int item) => queue.PutAsync(item);

    private static async Task<int> Later(int x)
    {
        await Task.Yield();
        return x;
    }

    private static async Task<int> AddLater(int a, int b) => await Later(a) + b;

    private static int Add(int a, int b) => a + b;

    public sealed class Counter
    {
        public int Count { get; set; }

        public int Next() => ++Count;
    }
}
