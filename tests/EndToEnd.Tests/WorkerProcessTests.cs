using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class WorkerProcessTests
{
    [Fact]
    public async Task StartAsync_FunctionPrints_AppearsOnTheParentsOutput()
    {
        using var sample = ClientProgram.Start("samples/Process", "Process.dll");

        var output = sample.Output.ReadToEndAsync();
        await sample.ExitAsync();

        Assert.Equal("hello sxt\n", await output.Soon());
        Assert.Equal("", await sample.Error.ReadToEndAsync().Soon());
        Assert.Equal(0, sample.ExitCode);
        Assert.Empty(Directory.GetDirectories(sample.Temp.Path, "actors-*"));
    }

    [Fact]
    public async Task JoinAsync_FunctionReturns_GivesZero()
    {
        using var file = new TempFile();
        await using var process = await WorkerProcess.StartAsync(path => { TempFile.Count(path); }, file.Path).Soon();

        Assert.Equal(0, await process.JoinAsync().Soon());
        Assert.Equal(0, process.ExitCode);
        Assert.False(process.IsAlive);
        Assert.Equal($"{process.ProcessId}\n", await File.ReadAllTextAsync(file.Path));
        Assert.False(ProcessIds.IsRunning(process.ProcessId));
    }

    [Fact]
    public async Task JoinAsync_FunctionThrows_GivesOne()
    {
        await using var process = await WorkerProcess.StartAsync(Throw).Soon();

        Assert.Equal(1, await process.JoinAsync().Soon());
        Assert.Equal(1, process.ExitCode);
    }

    [Fact]
    public async Task JoinAsync_AsyncFunctionThrows_GivesOne()
    {
        await using var process = await WorkerProcess.StartAsync(ThrowLater).Soon();

        Assert.Equal(1, await process.JoinAsync().Soon());
    }

    [Fact]
    public async Task JoinAsync_FunctionExits_GivesItsCode()
    {
        await using var process = await WorkerProcess.StartAsync(() => Environment.Exit(3)).Soon();

        Assert.Equal(3, await process.JoinAsync().Soon());
        Assert.Equal(3, process.ExitCode);
    }

    [Fact]
    public async Task Kill_Running_EndsItWithMinusNine()
    {
        using var gate = new Gate();
        await using var process = await WorkerProcess.StartAsync(port => { Gate.Pass(port); }, gate.Port).Soon();
        using var visitor = await gate.NextAsync();

        Assert.Equal(visitor.ProcessId, process.ProcessId);
        Assert.True(process.IsAlive);
        Assert.Null(process.ExitCode);
        process.Kill();

        Assert.Equal(-9, await process.JoinAsync().Soon());
        Assert.False(ProcessIds.IsRunning(visitor.ProcessId));
        process.Kill();
    }

    [Fact]
    public async Task JoinAsync_KilledFromOutside_GivesMinusNineAndItIsNotRunAgain()
    {
        using var gate = new Gate();
        await using var process = await WorkerProcess.StartAsync(port => { Gate.Pass(port); }, gate.Port).Soon();
        using var visitor = await gate.NextAsync();

        ProcessIds.Kill(process.ProcessId);

        Assert.Equal(-9, await process.JoinAsync().Soon());
        Assert.True(gate.IsQuiet);
    }

    [Fact]
    public async Task JoinAsync_WithTimeout_SaysWhetherItHasEnded()
    {
        using var gate = new Gate();
        await using var process = await WorkerProcess.StartAsync(port => { Gate.Pass(port); }, gate.Port).Soon();
        using var visitor = await gate.NextAsync();

        Assert.False(await process.JoinAsync(TimeSpan.FromMilliseconds(50)).Soon());
        Assert.ThrowsAny<OperationCanceledException>(() => process.Join(cancellationToken: new CancellationToken(canceled: true)));
        visitor.Release();
        Assert.True(await process.JoinAsync(Waiting.Guard).Soon());
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task DisposeAsync_Running_KillsIt()
    {
        using var gate = new Gate();
        var process = await WorkerProcess.StartAsync(port => { Gate.Pass(port); }, gate.Port).Soon();
        using var visitor = await gate.NextAsync();

        await process.DisposeAsync().Soon();
        await process.DisposeAsync().Soon();

        Assert.False(ProcessIds.IsRunning(visitor.ProcessId));
        Assert.False(process.IsAlive);
        Assert.Equal(-9, process.ExitCode);
    }

    private static void Throw() => throw new FormatException("expected in this test's output");

    private static async Task ThrowLater()
    {
        await Task.Yield();
        Throw();
    }
}
