using Actors.EndToEnd.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.EndToEnd.Tests;

/// <summary>Services in the workers of real pools.</summary>
[Collection(ContextPool.Name)]
public sealed class ServiceTests(ContextPool shared)
{
    private readonly ProcessPool _pool = shared.Pool;

    [Fact]
    public async Task With_Service_RunsTheFunctionWithIt()
    {
        var text = "invoice";

        Assert.Equal("<invoice>", await _pool.With<Renderer>().ApplyAsync(renderer => renderer.Render(text)).Soon());
        Assert.Equal("<later>", await _pool.With<IRenderer>().ApplyAsync(renderer => renderer.RenderAsync("later")).Soon());
        await _pool.With<Renderer>().ApplyAsync(renderer => renderer.RenderAsync("no result") as Task).Soon();
        await _pool.With<Renderer>().ApplyAsync(static renderer => { _ = renderer.Render("nothing"); }).Soon();
        Assert.Equal("<blocking>", _pool.With<Renderer>().Apply(static renderer => renderer.Render("blocking")));
    }

    [Fact]
    public async Task MapAsync_WithService_RunsTheFunctionWithItAndEachItem()
    {
        var prefix = "item ";

        var now = await _pool.With<Renderer>().MapAsync((renderer, item) => renderer.Render(prefix + item), Enumerable.Range(0, 5)).Soon();
        var later = await _pool.With<IRenderer>().MapAsync((renderer, item) => renderer.RenderAsync(item), ["a", "b"]).Soon();
        var scopes = await _pool.With<Scoped>().MapAsync(static (service, _) => service.Number, new int[4], chunkSize: 2).Soon();

        Assert.Equal(Enumerable.Range(0, 5).Select(item => $"<item {item}>"), now);
        Assert.Equal(["<a>", "<b>"], later);
        Assert.Equal(["<c>"], _pool.With<Renderer>().Map(static (renderer, item) => renderer.Render(item), ["c"]));
        Assert.Equal([true, false, true], scopes.Zip(scopes.Skip(1), (a, b) => a == b));
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _pool.With<Missing>().MapAsync(static (missing, item) => item, [1]).Soon());
        Assert.Contains(nameof(Missing), failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAsync_WithService_ReturnsAnAcceptedJob()
    {
        var sync = await _pool.With<Renderer>().SubmitAsync(static renderer => renderer.Render("now")).Soon();
        var later = await _pool.With<Renderer>().SubmitAsync(static renderer => renderer.RenderAsync("later")).Soon();
        var nothing = await _pool.With<Renderer>().SubmitAsync(static renderer => { _ = renderer.Render("nothing"); }).Soon();

        Assert.True(sync.Accepted.IsCompletedSuccessfully && later.Accepted.IsCompletedSuccessfully);
        Assert.Equal(("<now>", "<later>"), (await sync.Soon(), await later.Soon()));
        await nothing.Soon();
    }

    [Fact]
    public async Task Scope_TwoJobs_HaveTheirOwnAndShareSingletons()
    {
        var first = await _pool.With<Scoped>().ApplyAsync(static scoped => scoped.Describe()).Soon();
        var second = await _pool.With<Scoped>().ApplyAsync(static scoped => scoped.Describe()).Soon();

        Assert.Equal(first.Singleton, second.Singleton);
        Assert.NotEqual(first.Number, second.Number);
        Assert.Equal(0, first.Open + second.Open);
    }

    [Fact]
    public async Task Services_OfTheContext_AreThoseOfTheScope()
    {
        var numbers = await _pool.ApplyAsync(static () =>
        {
            var services = JobContext.Current!.Services;
            return new[] { services.GetRequiredService<Scoped>().Number, services.GetRequiredService<Scoped>().Number };
        }).Soon();
        var mapped = await _pool.MapAsync(
            static _ => JobContext.Current!.Services.GetRequiredService<Scoped>().Number, new int[4], chunkSize: 2).Soon();

        Assert.Equal(numbers[0], numbers[1]);
        Assert.Equal([true, false, true], mapped.Zip(mapped.Skip(1), (a, b) => a == b));
    }

    [Fact]
    public async Task With_ServiceThatFails_FailsOnlyTheJob()
    {
        var missing = await _pool.With<Missing>().ApplyAsync(static _ => 1).Fails<InvalidOperationException>();
        var incomplete = await _pool.With<NeedsMissing>().ApplyAsync(static _ => 1).Fails<InvalidOperationException>();
        var throwing = await _pool.With<Throwing>().ApplyAsync(static _ => 1).Fails<FormatException>();
        var disposed = await _pool.With<ThrowsAtItsEnd>().ApplyAsync(static _ => 1).Fails<FormatException>();

        Assert.Contains("Add it in the function of PoolOptions.Services", missing.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Missing), incomplete.Message, StringComparison.Ordinal);
        Assert.Equal("constructor", throwing.Message);
        Assert.Equal("end", disposed.Message);
        Assert.Equal("<x>", await _pool.With<Renderer>().ApplyAsync(static renderer => renderer.Render("x")).Soon());
    }

    [Fact]
    public async Task Services_EndOfTheWorker_AreDisposed()
    {
        using var file = new TempFile();
        var path = file.Path;
        await using (var pool = await ProcessPool.StartAsync(1, options: new PoolOptions { Services = services => AddLog(services, path) }))
        {
            await pool.With<Log>().ApplyAsync(static log => log.Write("job")).Soon();
            await pool.CompleteAsync().Soon();
        }

        Assert.Equal(["job", "disposed"], await File.ReadAllLinesAsync(path));
    }

    [Fact]
    public async Task Services_FunctionThrows_FailsThePool()
    {
        await using var pool = await ProcessPool.StartAsync(1, options: new PoolOptions { Services = ThrowFormat });

        var failure = await Assert.ThrowsAsync<PoolFailedException>(async () => await pool.CompleteAsync().Soon());

        Assert.Contains("no services today", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_PoolWithoutServices_IsRefused()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        Assert.Contains(
            "PoolOptions.Services", Assert.Throws<InvalidOperationException>(pool.With<Renderer>).Message, StringComparison.Ordinal);
    }

    /// <summary>The services of the shared pool.</summary>
    internal static void ConfigureServices(IServiceCollection services) => services
        .AddSingleton<Counter>().AddScoped<Scoped>().AddTransient<Renderer>().AddTransient<IRenderer, Renderer>()
        .AddTransient<Throwing>().AddScoped<ThrowsAtItsEnd>().AddTransient<NeedsMissing>();

    private static void AddLog(IServiceCollection services, string path) => services.AddSingleton(_ => new Log(path));

    private static void ThrowFormat(IServiceCollection services) => throw new FormatException("no services today");

    internal interface IRenderer
    {
        Task<string> RenderAsync(string text);
    }

    internal sealed class Renderer : IRenderer
    {
        public string Render(string text) => $"<{text}>";

        public async Task<string> RenderAsync(string text)
        {
            await Task.Yield();
            return Render(text);
        }
    }

    internal sealed class Counter
    {
        public int Last { get; set; }

        public int Open { get; set; }

        public Guid Id { get; } = Guid.NewGuid();
    }

    internal sealed class Scoped : IDisposable
    {
        private readonly Counter _counter;

        public Scoped(Counter counter)
        {
            _counter = counter;
            Number = ++counter.Last;
            OpenBefore = counter.Open++;
        }

        public int Number { get; }

        /// <summary>The scopes of earlier jobs that were not disposed.</summary>
        public int OpenBefore { get; }

        public (Guid Singleton, int Number, int Open) Describe() => (_counter.Id, Number, OpenBefore);

        public void Dispose() => _counter.Open--;
    }

    internal sealed class Log(string path) : IDisposable
    {
        public void Write(string line) => File.AppendAllText(path, line + "\n");

        public void Dispose() => Write("disposed");
    }

    internal sealed class Throwing
    {
        public Throwing() => throw new FormatException("constructor");
    }

    internal sealed class ThrowsAtItsEnd : IDisposable
    {
        public void Dispose() => throw new FormatException("end");
    }

    internal sealed class Missing;

    internal sealed class NeedsMissing(Missing missing)
    {
        public Missing Needed => missing;
    }
}
