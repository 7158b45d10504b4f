using System.Reflection;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Code that this program has loaded from elsewhere: its executors, which are given what was built with the program, do not find it.</summary>
public sealed class ForeignCodeTests
{
    [Fact]
    public async Task ApplyAsync_AssemblyTheExecutorCannotLoad_EndsNamingItAndTheNextJobRuns()
    {
        await using var own = await TestPool.StartAsync(1);
        var count = LoadedFrom(ClientProgram.PathOf("samples/WordCount", "WordCount.dll"));
        Assert.Equal(1, count("word"u8.ToArray())["word"]);

        var job = own.Pool.ApplyAsync(count, "word"u8.ToArray());

        Assert.Contains("WordCount", (await job.Fails<FunctionNotFoundException>()).Message, StringComparison.Ordinal);
        Assert.Equal(7, await own.Pool.ApplyAsync(() => 7).Soon());
        Assert.Single(own.ProcessIds);
    }

    private static Func<byte[], Dictionary<string, long>> LoadedFrom(string path) => Assembly.LoadFrom(path)
        .GetType("WordCount.Words", throwOnError: true)!.GetMethod("Count")!.CreateDelegate<Func<byte[], Dictionary<string, long>>>();
}
