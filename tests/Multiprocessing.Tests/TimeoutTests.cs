using System.Net;
using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>All timeouts of the public surface follow one rule; <c>TestTimeouts</c> and <c>test_neg_timeout</c> of CPython.</summary>
public sealed class TimeoutTests(TimeoutTests.Setup setup) : IClassFixture<TimeoutTests.Setup>
{
    private static readonly TimeSpan Maximum = TimeSpan.FromMilliseconds(int.MaxValue);

    public static TheoryData<string> Members => [.. TimeoutMember.All.Select(member => member.Name)];

    public static TheoryData<TimeSpan> WithoutLimit => [Timeout.InfiniteTimeSpan, TimeSpan.MaxValue, Maximum];

    [Fact]
    public void Members_PublicSurface_AreFound() => Assert.InRange(TimeoutMember.All.Count, 50, 200);

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Timeout_NegativeOrAboveTheMaximum_NamesTheParameter(string name)
    {
        var member = TimeoutMember.All.Single(member => member.Name == name);
        TimeSpan[] wrong = [TimeSpan.FromTicks(-1), TimeSpan.FromMilliseconds(-2), TimeSpan.MinValue, Maximum + TimeSpan.FromTicks(1)];
        foreach (var timeout in wrong)
        {
            if (timeout > Maximum && member.Member.Name == nameof(PoolOptions.ResultRetention))
                continue;
            var subject = await setup.SubjectAsync(member);
            Assert.Equal(
                member.ParameterName, (
                    await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Call(member, subject, timeout))).ParamName);
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Timeout_ZeroToMaximumOrInfinite_IsAccepted(string name)
    {
        var member = TimeoutMember.All.Single(member => member.Name == name);
        TimeSpan[] right = [TimeSpan.Zero, TimeSpan.FromSeconds(1), Maximum, TimeSpan.MaxValue, Timeout.InfiniteTimeSpan];
        foreach (var timeout in right)
        {
            if (timeout == TimeSpan.Zero && member.Member.Name == nameof(PoolOptions.RecycleAfter))
                continue;
            var subject = await setup.SubjectAsync(member);
            var exception = await Record.ExceptionAsync(() => Call(member, subject, timeout));
            Assert.True(
                exception is null or OperationCanceledException || (
                    exception is TimeoutException && timeout == TimeSpan.Zero), $"{timeout}: {exception}");
        }
    }

    [Theory]
    [MemberData(nameof(WithoutLimit))]
    public async Task Timeout_Infinite_WaitsForTheEvent(TimeSpan timeout)
    {
        var queue = await setup.Manager.CreateQueueAsync<int>();
        var (client, server) = await setup.ConnectAsync();
        using var checkpoint = new Checkpoint();
        await using var process = await WorkerProcess.StartAsync(port => Checkpoint.ReportAndWait(port), checkpoint.Port);
        var job = setup.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var first = await checkpoint.NextAsync();
        using var second = await checkpoint.NextAsync();
        Task<bool>[] waits =
        [
            Task.Run(async () => (await queue.TryGetAsync(timeout)).IsTaken), server.PollAsync(timeout),
            process.JoinAsync(timeout), Task.Run(() => process.Join(timeout)), Task.Run(() => job.Wait(timeout)),
        ];
        await Assert.ThrowsAsync<TimeoutException>(() => Task.WhenAny(waits).WaitAsync(TimeSpan.FromMilliseconds(100)));

        await queue.PutAsync(1);
        await client.SendAsync(1);
        first.Release();
        second.Release();
        Assert.All(await Task.WhenAll(waits).Soon(), Assert.True);
        client.Dispose();
        server.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Options_ZeroOrInfinite_StartAWorkingPool(int which)
    {
        var time = which == 0 ? TimeSpan.Zero : TimeSpan.MaxValue;
        var options = new PoolOptions { CancellationGrace = time, ResultRetention = time, ReconnectFor = time };
        if (which != 0)
            options = options with { NodeTimeout = time, RecycleAfter = time };
        await using var own = await TestPool.StartAsync(1, options);
        Assert.Equal(3, await own.Pool.ApplyAsync(() => 3, which == 0 ? null : new JobOptions { Timeout = time }).Soon());
        if (which == 0)
            await own.Pool.ApplyAsync(() => Task.Delay(Timeout.Infinite), new JobOptions { Timeout = time }).Fails<JobTimedOutException>();
    }

    /// <summary>The timeout must be validated before the wait releases the lock.</summary>
    [Fact]
    public async Task ConditionWait_InvalidTimeout_KeepsTheLock()
    {
        var condition = await setup.Manager.CreateConditionAsync();
        using var hold = condition.Acquire();
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => { condition.Wait(TimeSpan.FromSeconds(-1)); });
        condition.Notify();
    }

    private async Task Call(TimeoutMember member, object? subject, TimeSpan timeout)
    {
        // No test notifies the condition.
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await member.CallAsync(subject, timeout, setup.Address, end.Token).Soon();
    }

    public sealed class Setup : IAsyncLifetime
    {
        private readonly ConnectionListener _listener = new(new IPEndPoint(IPAddress.Loopback, 0));
        private readonly ConnectionListener _ignored = new(new IPEndPoint(IPAddress.Loopback, 0));
        private readonly List<IDisposable> _connections = [];
        private WorkerProcess _ended = null!;

        public Manager Manager { get; private set; } = null!;

        public ProcessPool Pool { get; private set; } = null!;

        /// <summary>Gets the address of a listener that ignores its connections.</summary>
        public EndPoint Address => _ignored.Address;

        public async Task InitializeAsync()
        {
            Manager = await Manager.StartAsync();
            Pool = await ProcessPool.StartAsync(1);
            _ended = await WorkerProcess.StartAsync(() => { });
            await _ended.JoinAsync().Soon();
        }

        /// <summary>Returns an object on which the member does not wait.</summary>
        internal async Task<object?> SubjectAsync(TimeoutMember member) =>
            member.Member is System.Reflection.MethodInfo { IsStatic: false } method
            ? method.DeclaringType switch
            {
                var type when type == typeof(ManagedQueue<int>) => await QueueAsync(),
                var type when type == typeof(ManagedPriorityQueue<int, int>) => await PriorityQueueAsync(),
                var type when type == typeof(ManagedLock) => await Manager.CreateLockAsync(),
                var type when type == typeof(ManagedReentrantLock) => await Manager.CreateReentrantLockAsync(),
                var type when type == typeof(ManagedSemaphore) => await Manager.CreateSemaphoreAsync(),
                var type when type == typeof(ManagedCondition) => await ConditionAsync(
                    isHeld: !method.Name.StartsWith("Acquire", StringComparison.Ordinal)),
                var type when type == typeof(ManagedEvent) => await EventAsync(),
                var type when type == typeof(ManagedBarrier) => await Manager.CreateBarrierAsync(1),
                var type when type == typeof(PipeEnd<int>) => await PipeAsync(),
                var type when type == typeof(Connection) => await ConnectionAsync(),
                var type when type == typeof(Manager) => Manager,
                var type when type == typeof(WorkerProcess) => _ended,
                var type when type == typeof(JobHandle) || type == typeof(JobHandle<int>) => await JobAsync(),
                _ => throw new NotSupportedException($"This test has no object for {member.Name}. Add one here."),
            }
            : null;

        public async Task<(Connection Client, Connection Server)> ConnectAsync()
        {
            var client = await Connection.ConnectAsync(_listener.Address);
            return (client, await _listener.AcceptAsync().Soon());
        }

        public async Task DisposeAsync()
        {
            _connections.ForEach(connection => connection.Dispose());
            _listener.Dispose();
            _ignored.Dispose();
            await _ended.DisposeAsync();
            await Pool.DisposeAsync();
            await Manager.DisposeAsync();
        }

        private async Task<ManagedQueue<int>> QueueAsync()
        {
            var queue = await Manager.CreateQueueAsync<int>();
            await queue.PutAsync(1);
            await queue.TaskDoneAsync();
            return queue;
        }

        private async Task<ManagedPriorityQueue<int, int>> PriorityQueueAsync()
        {
            var queue = await Manager.CreatePriorityQueueAsync<int, int>();
            await queue.PutAsync(1, 1);
            await queue.TaskDoneAsync();
            return queue;
        }

        private async Task<ManagedCondition> ConditionAsync(bool isHeld)
        {
            var managedLock = await Manager.CreateLockAsync();
            if (isHeld)
                await managedLock.AcquireAsync();
            return Manager.CreateCondition(managedLock);
        }

        private async Task<ManagedEvent> EventAsync()
        {
            var managedEvent = await Manager.CreateEventAsync();
            await managedEvent.SetAsync();
            return managedEvent;
        }

        private async Task<PipeEnd<int>> PipeAsync()
        {
            var (first, second) = await Manager.CreatePipeAsync<int>();
            await second.SendAsync(1);
            return first;
        }

        private async Task<Connection> ConnectionAsync()
        {
            var (client, server) = await ConnectAsync();
            _connections.AddRange([client, server]);
            await client.SendAsync(1);
            return server;
        }

        private async Task<JobHandle<int>> JobAsync()
        {
            var job = Pool.ApplyAsync(() => 1);
            await job.Soon();
            return job;
        }
    }
}
