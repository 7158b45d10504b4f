namespace Actors.Analyzers.Tests;

/// <summary>ACTORS106 and ACTORS107.</summary>
public class AssignmentTests
{
    [Theory]
    [InlineData("var n = 0; await pool.ApplyAsync(() => { [|n|] = 1; }); Console.WriteLine(n);")]
    [InlineData("var n = 0; await pool.MapAsync(x => [|n|] += x, [1, 2]); Console.WriteLine(n);")]
    [InlineData("var n = 0; await pool.ApplyAsync(() => { int.TryParse(\"1\", out [|n|]); }); Console.WriteLine(n);")]
    [InlineData("var n = 0; await pool.ApplyAsync(() => { (var a, [|n|]) = (1, 2); }); Console.WriteLine(n);")]
    [InlineData("var n = 0; await pool.ApplyAsync(Count); Console.WriteLine(n);\nvoid Count() => [|n|]++;")]
    [InlineData("var n = 0; await pool.ApplyAsync(() => { Count(); }); Console.WriteLine(n);\nvoid Count() => [|n|]++;")]
    [InlineData("var n = 0; await pool.ApplyAsync(() => { Interlocked.Add(ref [|n|], 2); }); Console.WriteLine(n);")]
    [InlineData("var n = 0; while (true) { Console.WriteLine(n); await pool.ApplyAsync(() => [|n|]++); }")]
    [InlineData("await Run(pool, 1);\nstatic async Task<int> Run(ProcessPool p, int n) { await p.ApplyAsync(() => [|n|] = 1); return n; }")]
    public async Task Job_AssignsVariableThatIsReadLater_Reported(string code)
    {
        var found = await UserCode.CheckAsync($"await using var pool = await ProcessPool.StartAsync(1);\n{code}");

        Assert.Equal("ACTORS106", found!.Id);
        Assert.StartsWith("The job changes its copy of 'n'; ", found.GetMessage(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var n = 1; Console.WriteLine(n); await pool.ApplyAsync(() => { n++; return n; });")]
    [InlineData("var n = 1; n = await pool.ApplyAsync(() => n + 1); Console.WriteLine(n);")]
    [InlineData("await pool.ApplyAsync(() => { var n = 1; Add(); return n; void Add() => n++; });")]
    [InlineData("await pool.MapAsync(x => { x++; return x; }, [1, 2]);")]
    [InlineData("var n = 0; Parallel.For(0, 9, x => n = x); Console.WriteLine(n);")]
    [InlineData("while (true) { var n = 0; await pool.ApplyAsync(() => n++); }")]
    [InlineData("var n = 0; await pool.ApplyAsync(() => n = 1); n = 2;")]
    [InlineData("var n = 0; n = await pool.ApplyAsync(() => ++n); Console.WriteLine(n);")]
    public async Task Job_ChangesNothingHere_Accepted(string code) =>
        Assert.Null(await UserCode.CheckAsync($"await using var pool = await ProcessPool.StartAsync(1);\n{code}"));

    [Theory]
    [InlineData("Settings.Color = \"blue\"; await pool.ApplyAsync(() => [|Settings.Color|]);")]
    [InlineData("Settings.Name = \"blue\"; await pool.ApplyAsync(() => [|Settings.Name|].Length);")]
    [InlineData("Settings.Color = \"blue\"; await pool.ApplyAsync([|Settings.Read|]);")]
    [InlineData("Settings.Color = \"blue\"; await Service.RunAsync(pool);", true)]
    public async Task Job_ReadsStaticThatOnlyTheClientAssigns_Reported(string code, bool isService = false)
    {
        var read = isService ? "[|Settings.Color|]" : "\"\"";
        var found = await UserCode.CheckAsync($$"""
            await using var pool = await ProcessPool.StartAsync(1);
            {{code}}
            static class Settings
            {
                public static string Color = "none";
                public static string Name { get; set; } = "none";
                public static string Read() => Color;
            }
            static class Service { public static async Task RunAsync(ProcessPool pool) => await pool.ApplyAsync(() => {{read}}); }
            """);

        Assert.Equal("ACTORS107", found!.Id);
    }

    [Theory]
    [InlineData("await pool.ApplyAsync(() => Settings.Color);")]
    [InlineData("Settings.Color = \"blue\"; await pool.ApplyAsync(() => { Settings.Color = \"red\"; return Settings.Color; });")]
    [InlineData("Settings.Color = \"blue\"; Settings.Set(\"blue\"); await pool.ApplyAsync(() => Settings.Color);")]
    [InlineData("Settings.Color = \"blue\"; await pool.ApplyAsync(() => nameof(Settings.Color));")]
    [InlineData("var set = () => { Settings.Name = \"blue\"; }; await pool.ApplyAsync(set); await pool.ApplyAsync(() => Settings.Name);")]
    [InlineData("Settings.Color = \"blue\"; await pool.ApplyAsync(x => x, Settings.Color);")]
    public async Task Job_ReadsStaticThatAWorkerMaySet_Accepted(string code)
    {
        // Without this member, no worker could assign Color.
        var set = code.Contains("Set(", StringComparison.Ordinal) || !code.Contains("Color = \"blue\"", StringComparison.Ordinal)
            ? "public static void Set(string color) => Color = color;" : "";
        Assert.Null(await UserCode.CheckAsync($$"""
            await using var pool = await ProcessPool.StartAsync(1);
            {{code}}
            static class Settings
            {
                public static string Color = "none";
                public static string Name { get; set; } = "none";
                {{set}}
            }
            """));
    }
}
