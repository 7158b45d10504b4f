using System.Text;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class OutputTests
{
    [Fact]
    public async Task Output_JobPrintsManyLines_AllArriveAndThePoolContinues()
    {
        await using var output = new CountingStream();
        await using var own = await TestPool.StartAsync(2, new PoolOptions { Output = output });

        var printing = own.Pool.ApplyAsync(PrintLines, 200_000);
        Assert.Equal(1, await own.Pool.ApplyAsync(() => 1).Soon());
        await printing.Soon();
        own.Pool.Close();
        await own.Pool.JoinAsync().Soon();

        Assert.Equal(200_000, output.Lines);
    }

    [Fact]
    public async Task Output_JobsOfSeveralWorkers_EachLineIsWhole()
    {
        await using var output = new MemoryStream();
        await using var own = await (await TestPool.StartAsync(2, new PoolOptions { Output = output })).WarmAsync();
        var text = new string('x', 100);

        await own.Pool.MapAsync(x => Print(x), Enumerable.Range(0, 2000), 1).Soon();
        own.Pool.Close();
        await own.Pool.JoinAsync().Soon();

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, 2000).Select(x => $"{text}{x:D4}"), lines.Order());
    }

    [Fact]
    public async Task Error_JobWritesToStandardError_ArrivesOnlyThere()
    {
        await using var output = new MemoryStream();
        await using var error = new MemoryStream();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Output = output, Error = error });

        await own.Pool.ApplyAsync(() => Console.Error.WriteLine("trouble")).Soon();
        own.Pool.Close();
        await own.Pool.JoinAsync().Soon();

        Assert.Equal("trouble\n", Encoding.UTF8.GetString(error.ToArray()));
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public async Task Output_StreamFails_DoesNotBlockThePool()
    {
        await using var output = new MemoryStream([], writable: false);
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Output = output });

        await own.Pool.ApplyAsync(PrintLines, 100_000).Soon();

        Assert.Equal(1, await own.Pool.ApplyAsync(() => 1).Soon());
    }

    /// <summary>The same happens with <c>program | less</c> and in a suspended terminal.</summary>
    [LongFact]
    public async Task Output_IsNotRead_PoolEndsAndReportsDroppedLines()
    {
        using var client = ClientProgram.StartTestClient("print");

        var error = await client.Error.ReadToEndAsync().Soon();
        await client.ExitAsync();

        Assert.Contains("a worker's error\n", error, StringComparison.Ordinal);
        Assert.Contains("disposed\n", error, StringComparison.Ordinal);
        Assert.Matches("ProcessPool: [0-9]+ lines that workers printed to standard output were dropped", error);
        Assert.Equal(0, client.ExitCode);
    }

    private static void PrintLines(int count)
    {
        for (var i = 0; i < count; i++)
            Console.WriteLine(i);
    }

    private static int Print(int x)
    {
        Console.WriteLine($"{new string('x', 100)}{x:D4}");
        return x;
    }

    private sealed class CountingStream : MemoryStream
    {
        public int Lines { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Lines += buffer.Span.Count((byte)'\n');
            return default;
        }
    }
}
