using System.Runtime.CompilerServices;
using System.Text;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The exception of a function is available in its <see cref="WorkerProcess"/>.</summary>
public sealed class WorkerProcessFailureTests
{
    [Fact]
    public async Task JoinAsync_FunctionThrowsAndErrorIsSet_WritesTheStackTrace()
    {
        await using var error = new MemoryStream();
        await using var process = new WorkerProcess(Throw, new WorkerProcessOptions { Name = "importer", Error = error });
        await process.StartAsync().Soon();

        await process.JoinAsync().Soon();

        var text = Encoding.UTF8.GetString(error.ToArray());
        Assert.StartsWith("before\n", text, StringComparison.Ordinal);
        Assert.Contains("importer: the function threw", text, StringComparison.Ordinal);
        Assert.Contains("System.FormatException: no such column", text, StringComparison.Ordinal);
        Assert.Contains(nameof(Throw), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_FunctionThrew_ReturnsThatException()
    {
        await using var process = await WorkerProcess.StartAsync(Throw, new WorkerProcessOptions { Error = Stream.Null }).Soon();

        await process.JoinAsync().Soon();

        Assert.Equal(("no such column", 1), (Assert.IsType<FormatException>(process.Exception).Message, process.ExitCode));
    }

    [Fact]
    public async Task Exception_FunctionReturnedOrProcessWasKilled_IsNull()
    {
        using var checkpoint = new Checkpoint();
        await using var returned = await WorkerProcess.StartAsync(() => { }).Soon();
        await using var killed = await WorkerProcess.StartAsync(port => { Checkpoint.ReportAndWait(port); }, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        killed.Kill();
        await returned.JoinAsync().Soon();
        await killed.JoinAsync().Soon();

        Assert.Equal((null, null), (returned.Exception, killed.Exception));
    }

    [Fact]
    public async Task StartAsync_FunctionArgumentsAndOptions_AreUsed()
    {
        await using var output = new MemoryStream();
        var options = new WorkerProcessOptions { Name = "printer", Output = output };
        await using var process = await WorkerProcess.StartAsync(
            (text, count) => Console.WriteLine($"{text} {count}"), "copies", 3, options).Soon();

        await process.JoinAsync().Soon();

        Assert.Equal("printer", process.Name);
        Assert.Equal("copies 3\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public async Task DisposeAsync_ProcessIsUnreferenced_IsCollected()
    {
        var references = new List<WeakReference>();
        await RunAsync(references);
        await RunAsync(references);

        Assert.True(await Waiting.Until(() => IsCollected(references), TimeSpan.FromSeconds(10)));
    }

    private static bool IsCollected(List<WeakReference> references)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return references.TrueForAll(reference => !reference.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task RunAsync(List<WeakReference> references)
    {
        var process = await WorkerProcess.StartAsync(() => { }).Soon();
        references.Add(new WeakReference(process));
        await process.JoinAsync().Soon();
        await process.DisposeAsync();
    }

    private static void Throw()
    {
        Console.Error.WriteLine("before");
        throw new FormatException("no such column");
    }
}
