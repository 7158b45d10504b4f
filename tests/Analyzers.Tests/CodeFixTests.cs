namespace Actors.Analyzers.Tests;

public class CodeFixTests
{
    private const string Start = """
        await using var pool = await ProcessPool.StartAsync(1);
        var queue = (ManagedQueue<int>)null!;
        var value = (ManagedValue<int>)null!;
        var list = (ManagedList<int>)null!;
        using var stop = new CancellationTokenSource();

        """;

    [Theory]
    [InlineData("await pool.ApplyAsync(Math.Sqrt, 2.0);", "await pool.ApplyAsync(d => Math.Sqrt(d), 2.0);")]
    [InlineData("await pool.ApplyAsync(Math.Pow, 2.0, 3.0);", "await pool.ApplyAsync((x, y) => Math.Pow(x, y), 2.0, 3.0);")]
    [InlineData("await pool.ApplyAsync(Guid.NewGuid);", "await pool.ApplyAsync(() => Guid.NewGuid());")]
    [InlineData("pool.ApplyAsync(() => 1); // one", "await pool.ApplyAsync(() => 1); // one")]
    [InlineData("static void F(ProcessPool p) { p.ApplyAsync(() => 1); }", "static void F(ProcessPool p) { _ = p.ApplyAsync(() => 1); }")]
    [InlineData("static void F(ProcessPool p) => p.ApplyAsync(() => 1);", "static void F(ProcessPool p) => _ = p.ApplyAsync(() => 1);")]
    [InlineData("new Timer(x => pool.ApplyAsync(() => 1));", "new Timer(x => _ = pool.ApplyAsync(() => 1));")]
    [InlineData("await pool.ApplyAsync(t => 1, stop.Token);", "await pool.ApplyAsync(t => 1, stop.Token, cancellationToken: stop.Token);")]
    [InlineData(
        "static async Task F(ProcessPool p, CancellationToken t) => await p.ApplyAsync(x => Task.Delay(x, t), 1);",
        "static async Task F(ProcessPool p, CancellationToken t) => await p.ApplyAsync(x => Task.Delay(x, t), 1, cancellationToken: t);")]
    [InlineData("pool.Apply(() => 1);", "await pool.ApplyAsync(() => 1);")]
    [InlineData("var text = pool.Apply(() => 1).ToString();", "var text = (await pool.ApplyAsync(() => 1)).ToString();")]
    [InlineData("int x = queue.Count;", "int x = await queue.CountAsync();")]
    [InlineData("value.Value = 3;", "await value.SetAsync(3);")]
    [InlineData("int x = list[2];", "int x = await list.GetAsync(2);")]
    [InlineData("list[2] = 3;", "await list.SetAsync(2, 3);")]
    [InlineData("int x = pool.ApplyAsync(() => 1).Get();", "int x = await pool.ApplyAsync(() => 1);")]
    [InlineData("int[] x = pool.MapAsync(x => x, [1]).Result;", "int[] x = await pool.MapAsync(x => x, [1]);")]
    [InlineData("queue.PutAsync(1).GetAwaiter().GetResult();", "await queue.PutAsync(1);")]
    [InlineData("await pool.JoinAsync();", "pool.Close();\nawait pool.JoinAsync();")]
    [InlineData(
        "static async Task F() {\n    await using var p = await ProcessPool.StartAsync(1);\n    await p.JoinAsync();\n}",
        "static async Task F() {\n    await using var p = await ProcessPool.StartAsync(1);\n    p.Close();\n    await p.JoinAsync();\n}")]
    public async Task Fix_OfWarning_ReplacesTheMistake(string mistake, string remedy)
    {
        var text = await UserCode.FixAsync(Start + mistake);

        Assert.Equal(remedy, text![Start.Length..].ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("PoolInitializer.Of(async () => await Task.Yield());")]
    [InlineData("value.Value += 3;")]
    [InlineData("new Timer(_ => pool.ApplyAsync(() => 1));")]
    [InlineData("PoolInitializer.Of(t => { }, stop.Token);")]
    [InlineData("if (true) await pool.JoinAsync();")]
    public async Task Fix_WithoutAnObviousRemedy_IsNotOffered(string mistake) => Assert.Null(await UserCode.FixAsync(Start + mistake));
}
