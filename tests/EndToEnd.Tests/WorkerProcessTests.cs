using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class WorkerProcessTests
{
    [Fact]
    public async Task StartAsync_FunctionPrints_AppearsInTheParentsOutput()
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
    public async Task JoinAsync_FunctionReturns_ReturnsZero()
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
    public async Task JoinAsync_FunctionThrows_ReturnsOne()
    {
        await using var process = await WorkerProcess.StartAsync(Throw).Soon();

        Assert.Equal(1, await process.JoinAsync().Soon());
        Assert.Equal(1, process.ExitCode);
    }

    [Fact]
    public async Task JoinAsync_AsyncFunctionThrows_ReturnsOne()
    {
        await using var process = await WorkerProcess.StartAsync(ThrowLater).Soon();

        Assert.Equal(1, await process.JoinAsync().Soon());
    }

    [Fact]
    public async Task JoinAsync_FunctionExits_ReturnsItsExitCode()
    {
        await using var process = await WorkerProcess.StartAsync(() => Environment.Exit(3)).Soon();

        Assert.Equal(3, await process.JoinAsync().Soon());
        Assert.Equal(3, process.ExitCode);
    }

    [Fact]
    public async Task Kill_RunningProcess_EndsWithMinusNine()
    {
        using var checkpoint = new Checkpoint();
        await using var process = await WorkerProcess.StartAsync(port => { Checkpoint.ReportAndWait(port); }, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        Assert.Equal(held.ProcessId, process.ProcessId);
        Assert.True(process.IsAlive);
        Assert.Null(process.ExitCode);
        process.Kill();

        Assert.Equal(-9, await process.JoinAsync().Soon());
        Assert.False(ProcessIds.IsRunning(held.ProcessId));
        process.Kill();
    }

    [Fact]
    public async Task JoinAsync_KilledFromOutside_ReturnsMinusNineWithoutRestart()
    {
        using var checkpoint = new Checkpoint();
        await using var process = await WorkerProcess.StartAsync(port => { Checkpoint.ReportAndWait(port); }, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        ProcessIds.Kill(process.ProcessId);

        Assert.Equal(-9, await process.JoinAsync().Soon());
        Assert.True(checkpoint.IsQuiet);
    }

    [Fact]
    public async Task JoinAsync_WithTimeout_ReturnsWhetherItHasEnded()
    {
        using var checkpoint = new Checkpoint();
        await using var process = await WorkerProcess.StartAsync(port => { Checkpoint.ReportAndWait(port); }, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        Assert.False(await process.JoinAsync(TimeSpan.FromMilliseconds(50)).Soon());
        Assert.ThrowsAny<OperationCanceledException>(() => process.Join(cancellationToken: new CancellationToken(canceled: true)));
        held.Release();
        Assert.True(await process.JoinAsync(Waiting.Guard).Soon());
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task DisposeAsync_RunningProcess_KillsIt()
    {
        using var checkpoint = new Checkpoint();
        var process = await WorkerProcess.StartAsync(port => { Checkpoint.ReportAndWait(port); }, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        await process.DisposeAsync().Soon();
        await process.DisposeAsync().Soon();

        Assert.False(ProcessIds.IsRunning(held.ProcessId));
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
