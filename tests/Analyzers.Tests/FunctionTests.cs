namespace Actors.Analyzers.Tests;

/// <summary>ACTORS104.</summary>
public class FunctionTests
{
    [Theory]
    [InlineData("await pool.ApplyAsync([|Math.Sqrt|], 2.0);", "Math.Sqrt cannot be called in another process: it is in System.")]
    [InlineData("await pool.MapAsync([|int.Parse|], new[] { \"1\" });", "call it in a lambda")]
    [InlineData("var list = (ManagedList<int>)null!; await pool.ApplyAsync([|list.Clear|]);", "it is in Actors,")]
    [InlineData("PoolInitializer.Of([|async () => await Task.Yield()|]);", "return a Task")]
    [InlineData("StateFactory.Of([|Guid.NewGuid|]);", "call it in a lambda")]
    [InlineData("await pool.ApplyAsync([|new Point().Sum|]);\nstruct Point { public int X; public int Sum() => X; }", "a struct")]
    [InlineData("await pool.ApplyAsync([|new Base().Run<int>|]);\nclass Base { public virtual int Run<T>() => 1; }", "generic virtual")]
    public async Task Function_NoWorkerCanCall_Reported(string code, string reason)
    {
        var found = await UserCode.CheckAsync($"await using var pool = await ProcessPool.StartAsync(1);\n{code}");

        Assert.Equal("ACTORS104", found!.Id);
        Assert.Contains(reason, found.GetMessage(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("await pool.ApplyAsync(x => Math.Sqrt(x), 2.0);")]
    [InlineData("await pool.ApplyAsync(Run);\nstatic int Run() => 1;")]
    [InlineData("Func<double, double> f = Math.Sqrt; await pool.ApplyAsync(f, 2.0);")]
    [InlineData("await pool.ApplyAsync(new Own().ToString);\nclass Own { public override string ToString() => \"\"; }")]
    [InlineData("IDisposable own = new Own(); await pool.ApplyAsync(own.Dispose);\nclass Own : IDisposable { public void Dispose() { } }")]
    [InlineData("StateFactory.Of(() => new System.IO.MemoryStream());")]
    [InlineData("var all = new[] { 4.0 }.Select(Math.Sqrt); await pool.MapAsync((double x) => x, all);")]
    public async Task Function_WorkersCanCall_Accepted(string code) =>
        Assert.Null(await UserCode.CheckAsync($"await using var pool = await ProcessPool.StartAsync(1);\n{code}"));
}
