using Actors.EndToEnd.Tests.Durable;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The state of the workers of real pools.</summary>
public sealed class StateTests
{
    private static string _initialized = "no";

    [Fact]
    public async Task State_Factory_RunsOnceInEachWorkerAfterTheInitializer()
    {
        using var file = new TempFile();
        var path = file.Path;
        await using var own = await TestPool.StartAsync(2, new PoolOptions
        {
            Initializer = PoolInitializer.Of(static text => { _initialized = text; }, "yes"),
            State = StateFactory.Of(() => new Model(path, _initialized)),
        });

        var seen = await own.Pool.MapAsync(static _ => DescribeModel(), new int[20], chunkSize: 1).Soon();
        await own.Pool.CompleteAsync().Soon();

        Assert.All(seen, state => Assert.Equal("yes", state.Initialized));
        Assert.Equal(seen.Select(state => state.ProcessId).Distinct().Count(), seen.Select(state => state.Id).Distinct().Count());
        var lines = await File.ReadAllLinesAsync(path);
        Assert.Equal(["created", "created", "disposed", "disposed"], lines.Order());
    }

    [Fact]
    public async Task State_AsyncFactory_IsAwaited()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { State = StateFactory.Of(CreateTextAsync) });
        await using var other = await TestPool.StartAsync(1, new PoolOptions { State = StateFactory.Of(CreateNumberAsync) });

        Assert.Equal("later", await own.Pool.ApplyAsync(static () => JobContext.Current!.GetState<string>()).Soon());
        Assert.Equal(7, await other.Pool.ApplyAsync(static () => JobContext.Current!.GetState<int>()).Soon());
    }

    [Fact]
    public async Task State_AsyncLambda_IsAwaited()
    {
        var text = "captured";
        await using var own = await TestPool.StartAsync(1, new PoolOptions
        {
            State = StateFactory.Of(async () =>
            {
                await Task.Yield();
                return new List<string> { text };
            }),
        });

        var seen = await own.Pool.ApplyAsync(static () => JobContext.Current!.GetState<IEnumerable<string>>().Single()).Soon();

        Assert.Equal("captured", seen);
    }

    [Fact]
    public async Task State_WorkerIsReplaced_IsDisposedAndCreatedAgain()
    {
        using var file = new TempFile();
        var path = file.Path;
        await using var own = await TestPool.StartAsync(
            1, new PoolOptions { MaxJobsPerWorker = 1, State = StateFactory.Of(() => new AsyncModel(path)) });

        await own.Pool.ApplyAsync(static () => JobContext.Current!.GetState<AsyncModel>().Write("job")).Soon();
        await own.Pool.ApplyAsync(static () => JobContext.Current!.GetState<AsyncModel>().Write("job")).Soon();
        await own.Pool.CompleteAsync().Soon();

        var lines = await File.ReadAllLinesAsync(path);
        Assert.Equal(2, lines.Count(line => line == "job"));
        Assert.Equal(lines.Count(line => line == "created"), lines.Count(line => line == "disposed asynchronously"));
        Assert.InRange(lines.Count(line => line == "created"), 2, 3);
    }

    [Fact]
    public async Task State_WorkerIsKilled_IsNotDisposed()
    {
        using var file = new TempFile();
        var path = file.Path;
        await using var own = await TestPool.StartAsync(1, new PoolOptions { State = StateFactory.Of(() => new AsyncModel(path)) });
        await own.Pool.ApplyAsync(static () => { }).Soon();
        var worker = own.Pool.Workers.Single();

        worker.Kill();
        await own.ExitOf(worker.ProcessId);

        Assert.DoesNotContain("disposed asynchronously", await File.ReadAllLinesAsync(path));
    }

    [Fact]
    public async Task State_FactoryThrows_FailsThePoolWithItsException()
    {
        await using var own = await TestPool.StartAsync(2, new PoolOptions { State = StateFactory.Of(Throw) });

        var failure = await own.Pool.CompleteAsync().Fails<PoolFailedException>();

        Assert.Equal("no model", Assert.IsType<FormatException>(failure.InnerException).Message);
    }

    [Fact]
    public async Task State_FactoryReturnsNull_FailsThePool()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { State = StateFactory.Of(static () => (string)null!) });

        var failure = await own.Pool.ApplyAsync(static () => 1).Fails<PoolFailedException>();

        Assert.Contains("The factory of PoolOptions.State returned null", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_DisposalThrows_IsWrittenToStandardError()
    {
        using var output = new MemoryStream();
        await using (var own = await TestPool.StartAsync(
            1, new PoolOptions { Error = output, State = StateFactory.Of(static () => new ThrowsAtItsEnd()) }))
        {
            await own.Pool.CompleteAsync().Soon();
        }

        var text = System.Text.Encoding.UTF8.GetString(output.ToArray());
        Assert.Contains("its state or services could not be disposed", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetState_WrongType_NamesBothTypes()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { State = StateFactory.Of(static () => "text") });

        var failure = await own.Pool.ApplyAsync(static () => JobContext.Current!.GetState<Model>().Initialized)
            .Fails<InvalidOperationException>();

        Assert.Contains("is a System.String and no ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Model), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetState_PoolWithoutState_NamesTheOption()
    {
        await using var own = await TestPool.StartAsync(1);

        var failure = await own.Pool.ApplyAsync(static () => JobContext.Current!.GetState<string>()).Fails<InvalidOperationException>();

        Assert.Contains("PoolOptions.State", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_CapturesAManagedObject_CanUseIt()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var queue = await manager.CreateQueueAsync<int>().Soon();
        await queue.PutAsync(7).Soon();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { State = StateFactory.Of(() => queue.Get()) });

        Assert.Equal(7, await own.Pool.ApplyAsync(static () => JobContext.Current!.GetState<int>()).Soon());
    }

    [Fact]
    public async Task State_DurablePool_IsThatOfEachOpening()
    {
        using var durable = new DurablePool();
        await using (var pool = await durable.OpenAsync(options: new PoolOptions { State = StateFactory.Of(static () => "state") }))
        {
            Assert.Equal("state", await pool.ApplyAsync(static () => JobContext.Current!.GetState<string>()).Soon());
        }

        await using var again = await durable.OpenAsync(options: new PoolOptions { State = StateFactory.Of(CreateTextAsync) });
        Assert.Equal("later", await again.ApplyAsync(static () => JobContext.Current!.GetState<string>()).Soon());
    }

    [Fact]
    public void Of_TaskWithoutResult_IsRefused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => StateFactory.Of(static () => Task.CompletedTask));

        Assert.Contains("returns a task without a result", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_CapturedValueThatCannotTravel_IsRefused()
    {
        using var stream = new MemoryStream();

        Assert.Throws<NotCarriedException>(() => StateFactory.Of(() => stream.Length));
    }

    private static (Guid Id, int ProcessId, string Initialized) DescribeModel()
    {
        var model = JobContext.Current!.GetState<Model>();
        return (model.Id, Environment.ProcessId, model.Initialized);
    }

    private static string Throw() => throw new FormatException("no model");

    private static async Task<string> CreateTextAsync()
    {
        await Task.Yield();
        return "later";
    }

    private static async ValueTask<int> CreateNumberAsync()
    {
        await Task.Yield();
        return 7;
    }

    private static void WriteLine(string path, string line)
    {
        // Several workers write at the same time. Without a lock they would write at the same position.
        while (!TryWriteLine(path, line))
            Thread.Yield();
    }

    private static bool TryWriteLine(string path, string line)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None);
            file.Write(System.Text.Encoding.UTF8.GetBytes($"{line}\n"));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private sealed class Model : IDisposable
    {
        private readonly string _path;

        public Model(string path, string initialized)
        {
            (_path, Initialized) = (path, initialized);
            WriteLine(path, "created");
        }

        public Guid Id { get; } = Guid.NewGuid();

        public string Initialized { get; }

        public void Dispose() => WriteLine(_path, "disposed");
    }

    private sealed class AsyncModel : IAsyncDisposable, IDisposable
    {
        private readonly string _path;

        public AsyncModel(string path)
        {
            _path = path;
            Write("created");
        }

        public void Write(string line) => WriteLine(_path, line);

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            Write("disposed asynchronously");
        }

        public void Dispose() => Write("disposed");
    }

    private sealed class ThrowsAtItsEnd : IDisposable
    {
        public void Dispose() => throw new FormatException("end");
    }
}
