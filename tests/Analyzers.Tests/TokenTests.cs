namespace Actors.Analyzers.Tests;

/// <summary>ACTORS112.</summary>
public class TokenTests
{
    private const string Start = """
        await using var pool = await ProcessPool.StartAsync(1);
        using var stop = new CancellationTokenSource();
        var token = stop.Token;

        """;

    [Theory]
    [InlineData("await pool.ApplyAsync(t => { }, [|token|]);")]
    [InlineData("await pool.ApplyAsync(t => { }, [|stop.Token|]);")]
    [InlineData("await pool.ApplyAsync((int x, CancellationToken t) => x, 1, [|token|], new JobOptions { Priority = 1 });")]
    [InlineData("await pool.ApplyAsync(() => { [|token|].ThrowIfCancellationRequested(); return token.CanBeCanceled; });")]
    [InlineData("await pool.ApplyAsync(Run);\nvoid Run() => [|token|].ThrowIfCancellationRequested();")]
    [InlineData("await pool.MapAsync(x => [|token|].CanBeCanceled, [1]);")]
    [InlineData("static void Run(ProcessPool p, CancellationToken t) => p.Apply(x => 1, [|t|]);")]
    [InlineData("await pool.With<Random>().ApplyAsync(random => { [|token|].ThrowIfCancellationRequested(); return random.Next(); });")]
    public async Task Token_WhileTheCallHasNone_Reported(string code)
    {
        var found = await CheckAsync(code);

        Assert.EndsWith("Pass the token as cancellationToken too, which cancels the job.", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PoolInitializer.Of(t => { }, [|token|]);")]
    [InlineData("await WorkerProcess.StartAsync(() => { [|token|].WaitHandle.WaitOne(); });")]
    [InlineData("var options = new PoolOptions { Services = _ => [|token|].ThrowIfCancellationRequested() };")]
    [InlineData(
        "static void Run(ManagedInstance<Random> made, CancellationToken token) => made.Call(x => x.Next([|token|].GetHashCode()));")]
    public async Task Token_OfFunctionThatNothingCancels_Reported(string code)
    {
        var found = await CheckAsync(code);

        Assert.EndsWith("in place of 'token'. Nothing cancels that token.", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("await pool.ApplyAsync(t => { }, token, cancellationToken: token);")]
    [InlineData("await pool.ApplyAsync(t => { }, default(CancellationToken), cancellationToken: token);")]
    [InlineData("await pool.ApplyAsync(t => { }, CancellationToken.None);")]
    [InlineData("await pool.ApplyAsync(t => { }, new CancellationToken());")]
    [InlineData("await pool.ApplyAsync(() => { token.ThrowIfCancellationRequested(); }, cancellationToken: token);")]
    [InlineData("await pool.ApplyAsync(() => 1, cancellationToken: token);")]
    [InlineData("await pool.ApplyAsync(() => { using var own = new CancellationTokenSource(); return Task.Delay(1, own.Token); });")]
    [InlineData("await pool.ApplyAsync(t => Task.Delay(1, t), CancellationToken.None);")]
    [InlineData("await foreach (var x in pool.IMap(x => Task.FromResult(token.CanBeCanceled), [1]).WithCancellation(token)) { }")]
    [InlineData("await Task.Run(() => token.ThrowIfCancellationRequested());")]
    public async Task Token_OfTheJobOrOfTheCall_Accepted(string code) => Assert.Null(await UserCode.CheckAsync(Start + code));

    [Theory]
    [InlineData("[|_token|]")]
    [InlineData("[|Token|]")]
    [InlineData("[|this.Token|]")]
    public async Task Token_OfTheEnclosingObject_Reported(string use)
    {
        var found = await UserCode.CheckAsync($$"""
            await new Service().RunAsync(null!);
            class Service
            {
                private CancellationToken _token;
                public CancellationToken Token { get; set; }
                public async Task RunAsync(ProcessPool pool) => await pool.ApplyAsync(() => { {{use}}.ThrowIfCancellationRequested(); });
            }
            """);

        Assert.Equal("ACTORS112", found!.Id);
    }

    private static async Task<string> CheckAsync(string code)
    {
        var found = await UserCode.CheckAsync(Start + code);

        Assert.Equal("ACTORS112", found!.Id);
        return found.GetMessage();
    }
}
