using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestMyManager</c>: objects of user classes, each in a separate process.</summary>
public sealed class MyManagerTests : IAsyncLifetime
{
    private Manager _manager = null!;

    public interface ICounter
    {
        int Total { get; }

        void Add(int amount);

        Task<int> AddAsync(int amount);

        ValueTask<string> DescribeAsync(string prefix, int? times = null);

        void Fail(string message);
    }

    public async Task InitializeAsync() => _manager = await Manager.StartAsync().Soon();

    public async Task DisposeAsync() => await _manager.DisposeAsync().AsTask().Soon();

    /// <summary><c>test_mymanager</c></summary>
    [Fact]
    public async Task Create_RegisteredClass_RunsInASeparateProcess()
    {
        _manager.Register<Counter>();

        var counter = await _manager.CreateAsync<Counter>().Soon();

        Assert.Equal(3, await counter.CallAsync(c => c.AddAsync(3)).Soon());
        Assert.Equal(3, counter.Call(c => c.Total));
        var process = await counter.CallAsync(_ => Environment.ProcessId).Soon();
        Assert.NotEqual(Environment.ProcessId, process);
        Assert.True(ProcessIds.IsRunning(process));
    }

    /// <summary><c>test_mymanager_context</c></summary>
    [Fact]
    public async Task Dispose_ManagerWithObjects_EndsTheirProcesses()
    {
        var manager = await Manager.StartAsync().Soon();
        var counter = await manager.CreateAsync(() => new Counter(5)).Soon();
        var process = await counter.CallAsync(_ => Environment.ProcessId).Soon();

        await manager.DisposeAsync().AsTask().Soon();

        Assert.False(ProcessIds.IsRunning(process));
        await Assert.ThrowsAsync<ManagedObjectGoneException>(() => counter.CallAsync(c => c.Total).Soon());
    }

    [Fact]
    public async Task Proxy_Interface_CallsEachKindOfMethod()
    {
        _manager.Register<ICounter, Counter>();
        var counter = (await _manager.CreateAsync<ICounter>().Soon()).Proxy;

        counter.Add(2);

        Assert.Equal(2, counter.Total);
        Assert.Equal(6, await counter.AddAsync(4).Soon());
        Assert.Equal("at 6, null times", await counter.DescribeAsync("at").AsTask().Soon());
    }

    /// <summary>As in Python, exceptions of the object keep their type. Python reports other errors as <c>RemoteError</c>.</summary>
    [Fact]
    public async Task Call_Throws_ThrowsInTheCallerAndTheObjectContinues()
    {
        var counter = await _manager.CreateAsync<ICounter>(() => new Counter(1)).Soon();

        var exception = Assert.Throws<FormatException>(() => counter.Proxy.Fail("no"));

        Assert.Equal("no", exception.Message);
        Assert.Contains(nameof(Counter.Fail), exception.StackTrace, StringComparison.Ordinal);
        Assert.Equal(
            "later", (await Assert.ThrowsAsync<FormatException>(() => counter.CallAsync(c => FailLater(c, "later")).Soon())).Message);
        Assert.Equal(1, counter.Proxy.Total);
    }

    [Fact]
    public async Task Call_FromManyProcesses_RunsOneAtATime()
    {
        await using var own = await TestPool.StartAsync(2);
        var counter = await _manager.CreateAsync<ICounter>(() => new Counter(0)).Soon();

        await own.Pool.MapAsync(amount => counter.Call(c => c.AddAsync(amount).Result), Enumerable.Range(1, 200), 10).Soon();

        Assert.Equal(20_100, counter.Proxy.Total);
    }

    [Fact]
    public async Task Create_FactoryThrows_ThrowsItsException() =>
        Assert.Equal("no database", (await Assert.ThrowsAsync<FormatException>(
            () => _manager.CreateAsync<Counter>(() => throw new FormatException("no database")).Soon())).Message);

    [Fact]
    public async Task Create_NotRegistered_NamesTheRegisterMethod() =>
        Assert.Contains(
            "Register<Counter>", (
                await Assert.ThrowsAsync<InvalidOperationException>(() => _manager.CreateAsync<Counter>())).Message,
                StringComparison.Ordinal);

    [Fact]
    public async Task Create_FrameworkType_IsRefused()
    {
        _manager.Register<List<int>>();

        await Assert.ThrowsAsync<NotCarriedException>(() => _manager.CreateAsync<List<int>>());
    }

    [Fact]
    public async Task Proxy_Class_SuggestsCallAsync()
    {
        var counter = await _manager.CreateAsync(() => new Counter(0)).Soon();

        Assert.Contains("CallAsync", Assert.Throws<InvalidOperationException>(() => counter.Proxy).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// In Python the first call raises <c>EOFError</c> or <c>BrokenPipeError</c>, and later calls <c>ConnectionRefusedError</c>.
    /// </summary>
    [Fact]
    public async Task Call_ProcessOfTheObjectIsKilled_FailsAtOnceAndLaterCallsToo()
    {
        var counter = await _manager.CreateAsync(() => new Counter(0)).Soon();
        using var checkpoint = new Checkpoint();
        var port = checkpoint.Port;
        var stuck = counter.CallAsync(_ => Checkpoint.ReportAndWait(port));
        using var held = await checkpoint.NextAsync();
        var behind = counter.CallAsync(c => c.Total);

        ProcessIds.Kill(held.ProcessId);

        await Assert.ThrowsAsync<ServiceLostException>(() => stuck.Soon());
        await Assert.ThrowsAsync<ServiceLostException>(() => behind.Soon());
        await Assert.ThrowsAsync<ServiceLostException>(() => counter.CallAsync(c => c.Total).Soon());
    }

    private static Task<int> FailLater(ICounter counter, string message)
    {
        counter.Fail(message);
        return Task.FromResult(1);
    }

    internal sealed class Counter(int start) : ICounter
    {
        private int _total = start;

        public Counter()
            : this(0)
        {
        }

        public int Total => _total;

        public void Add(int amount) => _total += amount;

        public async Task<int> AddAsync(int amount)
        {
            await Task.Yield();
            return _total += amount;
        }

        public ValueTask<string> DescribeAsync(string prefix, int? times = null) =>
            new($"{prefix} {_total}, {times?.ToString() ?? "null"} times");

        public void Fail(string message) => throw new FormatException(message);
    }
}
