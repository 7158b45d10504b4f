namespace Actors.Analyzers.Tests;

/// <summary>ACTORS108, ACTORS109 and ACTORS110.</summary>
public class UsageTests
{
    private const string Start = "await using var pool = await ProcessPool.StartAsync(1);\n";
    private const string Objects = """
        await using var manager = await Manager.StartAsync();
        var queue = await manager.CreateQueueAsync<int>();
        var total = await manager.CreateValueAsync(0);

        """;

    [Theory]
    [InlineData("[|pool.ApplyAsync(() => 1)|];")]
    [InlineData("[|pool.ApplyAsync(() => { })|];")]
    [InlineData("[|pool.SubmitAsync(() => 1)|];")]
    [InlineData("static void Run(ProcessPool p) { [|p.ApplyAsync(() => 1)|]; }")]
    [InlineData("static void Run(ProcessPool p) => [|p.ApplyAsync(() => 1)|];")]
    [InlineData("new Runner(pool).Run();\nclass Runner(ProcessPool p) { public void Run() => [|p.ApplyAsync(() => 1)|]; }")]
    [InlineData("List<int> items = [1]; items.ForEach(x => [|pool.ApplyAsync(y => y, x)|]);")]
    [InlineData("using var timer = new Timer(_ => { [|pool.ApplyAsync(() => 1)|]; });")]
    [InlineData("using var timer = new Timer(_ => [|pool.SubmitAsync(() => 1)|]);")]
    [InlineData("Console.CancelKeyPress += (_, _) => [|pool.ApplyAsync(() => 1)|];")]
    [InlineData("for (var i = 0; i < 3; [|pool.ApplyAsync(() => 1)|]) i++;")]
    public async Task Handle_Dropped_Reported(string code) => Assert.Equal("ACTORS108", (await UserCode.CheckAsync(Start + code))!.Id);

    [Theory]
    [InlineData("_ = pool.ApplyAsync(() => 1);")]
    [InlineData("await pool.ApplyAsync(() => 1);")]
    [InlineData("var job = pool.ApplyAsync(() => 1); job.Cancel();")]
    [InlineData("await pool.SubmitAsync(() => 1);")]
    [InlineData("pool.ApplyAsync(() => 1, new JobOptions().WithCallback<int>(x => Console.WriteLine(x)));")]
    [InlineData("Throws(() => pool.ApplyAsync(() => 1));\nstatic void Throws(Action act) => act();")]
    [InlineData("Throws(() => { pool.ApplyAsync(() => 1); });\nstatic void Throws(Action act) => act();")]
    [InlineData(
        "Record.Exception(() => { pool.ApplyAsync(() => 1); });\nclass Record { public static void Exception(Action act) => act(); }")]
    [InlineData("Action act = () => pool.ApplyAsync(() => 1); act();")]
    [InlineData("var jobs = new[] { 1 }.Select(x => pool.ApplyAsync(y => y, x)).ToList();")]
    [InlineData("static JobHandle<int> Run(ProcessPool p) => p.ApplyAsync(() => 1);")]
    [InlineData("static void Run(ProcessPool p) => _ = p.ApplyAsync(() => 1);")]
    [InlineData("static async Task Run(ProcessPool p) => await p.ApplyAsync(() => 1);")]
    [InlineData("List<int> items = [1]; items.ForEach(async x => await pool.ApplyAsync(y => y, x));")]
    [InlineData("pool.ApplyAsync(() => 1).Cancel();")]
    public async Task Handle_Used_Accepted(string code) => Assert.Null(await UserCode.CheckAsync(Start + code));

    [Theory]
    [InlineData("var x = [|pool.Apply(() => 1)|]; await Task.Yield();", "ApplyAsync")]
    [InlineData("[|queue.Put(1)|];", "PutAsync")]
    [InlineData("Console.WriteLine([|queue.Count|]);", "CountAsync")]
    [InlineData("Console.WriteLine([|total.Value|]);", "GetAsync")]
    [InlineData("[|total.Value|] = 1;", "SetAsync")]
    [InlineData("var x = [|pool.ApplyAsync(() => 1).Get()|];", null)]
    [InlineData("var job = pool.ApplyAsync(() => 1); [|job.Wait()|];", null)]
    [InlineData("var job = await pool.SubmitAsync(() => 1); [|job.Get()|];", null)]
    [InlineData("var x = [|pool.MapAsync(x => x, [1]).Result|];", null)]
    [InlineData("var x = [|pool.ApplyAsync(() => 1).Task.Result|];", null)]
    [InlineData("[|queue.PutAsync(1).Wait()|];", null)]
    [InlineData("[|queue.PutAsync(1).GetAwaiter().GetResult()|];", null)]
    [InlineData("[|queue.PutAsync(1).ConfigureAwait(false).GetAwaiter().GetResult()|];", null)]
    [InlineData("Func<Task> run = async () => { [|queue.Put(1)|]; await Task.Yield(); };", "PutAsync")]
    public async Task Call_BlocksAsyncMethod_Reported(string code, string? form)
    {
        var found = await UserCode.CheckAsync(Start + Objects + code);

        Assert.Equal("ACTORS109", found!.Id);
        Assert.Contains(form is null ? "await it instead" : $"await {form} instead", found.GetMessage(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("await queue.PutAsync(1);")]
    [InlineData("Run(queue);\nstatic void Run(ManagedQueue<int> queue) => queue.Put(1);")]
    [InlineData("await pool.ApplyAsync(q => { q.Put(1); return q.Get(); }, queue);")]
    [InlineData("await pool.ApplyAsync(async q => { q.Put(1); await Task.Yield(); }, queue);")]
    [InlineData("await pool.ApplyAsync(Run, queue);\nstatic async Task Run(ManagedQueue<int> q) { q.Put(1); await Task.Yield(); }")]
    [InlineData("var job = pool.ApplyAsync(() => 1); await job; job.Get();")]
    [InlineData("var job = pool.ApplyAsync(() => 1); if (job.IsCompleted) { job.Get(); }")]
    [InlineData("var job = pool.ApplyAsync(() => 1); job.Wait(TimeSpan.Zero);")]
    [InlineData("var t = pool.MapAsync(x => x, [1]); await Task.WhenAll(t); var x = t.Result;")]
    [InlineData("lock (queue) { queue.Put(1); }")]
    [InlineData("pool.Close(); queue.ToString(); Console.WriteLine(nameof(queue.Count));")]
    [InlineData("var other = Task.FromResult(1); var x = other.Result;")]
    public async Task Call_DoesNotBlockAsyncMethod_Accepted(string code) => Assert.Null(await UserCode.CheckAsync(Start + Objects + code));

    [Theory]
    [InlineData("await [|pool.JoinAsync()|];", "pool.CompleteAsync()")]
    [InlineData("await pool.ApplyAsync(() => 1); await [|pool.JoinAsync()|]; pool.Close();", "pool.CompleteAsync()")]
    [InlineData("Run();\nstatic void Run() { using var p = ProcessPool.Start(1); [|p.Join()|]; }", "p.Complete()")]
    public async Task Join_OfOpenPool_Reported(string code, string remedy)
    {
        var found = await UserCode.CheckAsync(Start + code);

        Assert.Equal("ACTORS110", found!.Id);
        Assert.Contains(remedy, found.GetMessage(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pool.Close(); await pool.JoinAsync();")]
    [InlineData("await pool.TerminateAsync(); await pool.JoinAsync();")]
    [InlineData("await pool.CompleteAsync();")]
    [InlineData("End(pool); await pool.JoinAsync();\nstatic void End(ProcessPool p) => p.Close();")]
    [InlineData("End(); await pool.JoinAsync();\nvoid End() => pool.Close();")]
    [InlineData("await Run(pool);\nstatic async Task Run(ProcessPool p) => await p.JoinAsync();")]
    [InlineData("await using var child = await WorkerProcess.StartAsync(() => { }); await child.JoinAsync();")]
    public async Task Join_OfPoolThatMayBeClosed_Accepted(string code) => Assert.Null(await UserCode.CheckAsync(Start + code));
}
