using System.Reflection;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Workers cannot find an assembly that the client loaded from outside its build output.</summary>
public sealed class ForeignCodeTests
{
    [Fact]
    public async Task ApplyAsync_WorkerCannotLoadTheAssembly_NamesItAndRunsTheNextJob()
    {
        await using var own = await TestPool.StartAsync(1);
        var count = LoadedFrom(ClientProgram.PathOf("samples/WordCount", "WordCount.dll"));
        Assert.Equal(1, count("term"u8.ToArray())["term"]);

        var job = own.Pool.ApplyAsync(count, "term"u8.ToArray());

        Assert.Contains("WordCount", (await job.Fails<FunctionNotFoundException>()).Message, StringComparison.Ordinal);
        Assert.Equal(7, await own.Pool.ApplyAsync(() => 7).Soon());
        Assert.Single(own.ProcessIds);
    }

    private static Func<byte[], Dictionary<string, long>> LoadedFrom(string path) => Assembly.LoadFrom(path)
        .GetType("WordCount.Words", throwOnError: true)!.GetMethod("Count")!.CreateDelegate<Func<byte[], Dictionary<string, long>>>();
}
