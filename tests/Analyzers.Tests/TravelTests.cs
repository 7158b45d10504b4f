namespace Actors.Analyzers.Tests;

/// <summary>ACTORS101, ACTORS102 and ACTORS103.</summary>
public class TravelTests
{
    private const string Pool = "await using var pool = await ProcessPool.StartAsync(1);\n";

    [Theory]
    [InlineData("""await pool.ApplyAsync((Stream data) => data.Length, [|Stream.Null|]);""", "pass its path, or the data")]
    [InlineData("""await pool.ApplyAsync((int x, object y) => x, 1, [|"a"|]);""", "declare the type that it really is")]
    [InlineData("""await pool.MapAsync([|(Action act) => 1|], new Action[0]);""", "call the function in the job")]
    [InlineData("""await pool.ApplyAsync((Report r) => r.Title, [|new Report()|]);""", "Report.Out: System.IO.StreamWriter cannot be")]
    [InlineData("""var options = new PoolOptions { Initializer = PoolInitializer.Of(c => { }, [|new HttpClient()|]) };""", "in the worker")]
    [InlineData("""await WorkerProcess.StartAsync((dynamic x) => { }, [|1|]);""", "declare the type that it really is")]
    public async Task Argument_CannotTravel_Reported(string statement, string advice)
    {
        var found = await UserCode.CheckAsync($$"""
            {{Pool}}{{statement}}
            class Report { public string Title = ""; public StreamWriter? Out { get; set; } }
            """);

        Assert.Equal("ACTORS101", found!.Id);
        Assert.Contains(advice, found.GetMessage(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("await pool.ApplyAsync([|() => File.OpenRead(\"a\")|]);", "ACTORS102")]
    [InlineData("await pool.ApplyAsync([|Open|]);\nstatic async Task<Stream> Open() => await Task.FromResult(Stream.Null);", "ACTORS102")]
    [InlineData("var log = Console.Out;\nawait pool.ApplyAsync(() => [|log|].WriteLine(1));", "ACTORS103")]
    [InlineData("var log = Console.Out;\nawait pool.ApplyAsync(() => { Write(); });\nvoid Write() => [|log|].WriteLine(1);", "ACTORS103")]
    [InlineData("var log = Console.Out;\nawait pool.ApplyAsync(Write);\nvoid Write() => [|log|].WriteLine(1);", "ACTORS103")]
    [InlineData("await new Service().RunAsync(pool);", "ACTORS103")]
    public async Task ResultOrVariable_CannotTravel_Reported(string statement, string id)
    {
        var (open, close) = statement.Contains("Service", StringComparison.Ordinal) ? ("[|", "|]") : ("", "");
        var found = await UserCode.CheckAsync($$"""
            {{Pool}}{{statement}}
            class Service
            {
                private readonly HttpClient _client = new();
                private readonly int _count;
                public async Task RunAsync(ProcessPool pool) =>
                    await pool.ApplyAsync(() => {{open}}{{(open.Length > 0 ? "_count" : "1")}}{{close}});
                public override string ToString() => $"{_client} {_count}";
            }
            """);

        Assert.Equal(id, found!.Id);
    }

    /// <summary>The only option that is a function; <c>JobTypesTests</c> finds others.</summary>
    [Theory]
    [InlineData("var options = new PoolOptions { Services = services => services.AddSingleton([|client|]) };", "ACTORS103")]
    [InlineData("var options = new PoolOptions(); options = options with { Services = s => s.AddSingleton([|client|]) };", "ACTORS103")]
    [InlineData(
        "var options = new PoolOptions { Services = Add };\nvoid Add(IServiceCollection s) => s.AddSingleton([|client|]);", "ACTORS103")]
    [InlineData("var options = new PoolOptions { Services = [|async s => await Task.Yield()|] };", "ACTORS104")]
    [InlineData("var n = 0; var options = new PoolOptions { Services = _ => [|n|]++ }; Console.WriteLine(n);", "ACTORS106")]
    [InlineData(
        "Settings.Color = \"b\"; var options = new PoolOptions { Services = s => s.AddSingleton([|Settings.Color|]) };", "ACTORS107")]
    public async Task OfServices_CannotTravel_Reported(string statement, string id) =>
        Assert.Equal(id, (await UserCode.CheckAsync(WithServices(statement)))!.Id);

    [Theory]
    [InlineData("var options = new PoolOptions { Services = services => services.AddSingleton<HttpClient>() };")]
    [InlineData("var name = \"a\"; var options = new PoolOptions { Services = services => services.AddSingleton(name) };")]
    [InlineData(
        "var options = new PoolOptions { Services = Add };\nstatic void Add(IServiceCollection s) => s.AddSingleton(new HttpClient());")]
    [InlineData("var options = new PoolOptions { Services = null };")]
    [InlineData("var options = new JobOptions { ErrorCallback = _ => client.Dispose() };")]
    [InlineData(
        "var all = new ServiceCollection(); Use(s => s.AddSingleton(client));\nvoid Use(Action<IServiceCollection> add) => add(all);")]
    public async Task OfServices_Travels_Accepted(string statement) => Assert.Null(await UserCode.CheckAsync(WithServices(statement)));

    [Theory]
    [InlineData("await pool.ApplyAsync((List<int> x) => x.Count, [1]);")]
    [InlineData("await pool.ApplyAsync((IReadOnlyDictionary<string, int[]> x) => (x.Count, DateTime.MinValue), null!);")]
    [InlineData("await pool.ApplyAsync(async () => { await Task.Yield(); });")]
    [InlineData("await pool.ApplyAsync((ManagedQueue<int> queue, CancellationToken stop) => queue.Put(1), queue, CancellationToken.None);")]
    [InlineData("var log = Console.Out; var count = 1; await pool.ApplyAsync(() => count + nameof(log).Length);")]
    [InlineData("var log = Console.Out; await pool.ApplyAsync(() => { var log = Console.Out; log.WriteLine(); });")]
    [InlineData("await pool.ApplyAsync((Report r) => 1, new Report());")]
    [InlineData("var service = await manager.CreateAsync(() => new HttpClient()); await service.CallAsync(client => 1);")]
    [InlineData("List<Action> all = [() => { }]; await queue.PutAsync(all.Count);")]
    [InlineData("pool.ToString(); static async Task<int> Run<T>(ProcessPool pool, T value) => await pool.ApplyAsync((T x) => 1, value);")]
    public async Task Types_ThatTravel_AreAccepted(string statement) => Assert.Null(await UserCode.CheckAsync($$"""
        {{Pool}}await using var manager = await Manager.StartAsync();
        var queue = await manager.CreateQueueAsync<int>();
        {{statement}}
        class Report { [NonSerialized] public Stream? Out; public static Stream? Log; public Guid Id { get; init; } }
        """));

    private static string WithServices(string statement) => $$"""
        using Microsoft.Extensions.DependencyInjection;
        using var client = new HttpClient();
        {{statement}}
        static class Settings { public static string Color = "a"; }
        """;
}
