using System.Runtime.InteropServices;
using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// CPython's <c>_TestProcess</c> and <c>_TestSubclassingProcess</c>, except the cases in WorkerProcessTests of the end-to-end tests.
/// </summary>
public sealed class ProcessTests
{
    /// <summary><c>test_process</c>, <c>test_args_argument</c></summary>
    [Fact]
    public async Task Process_FromCreationToEnd_ReportsItsState()
    {
        using var file = new TempFile();
        var path = file.Path;
        await using var process = new WorkerProcess(() => { TempFile.Count(path); }, new WorkerProcessOptions { Name = "mine" });
        Assert.False(process.IsAlive);
        Assert.Null(process.ExitCode);
        Assert.Contains("initial", process.ToString(), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => process.ProcessId);
        Assert.Throws<InvalidOperationException>(process.Kill);
        await Assert.ThrowsAsync<InvalidOperationException>(() => process.JoinAsync());

        await process.StartAsync().Soon();
        Assert.Contains(
            "mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => process.StartAsync())).Message, StringComparison.Ordinal);

        Assert.True(process.Join(Waiting.Guard));
        Assert.Equal((0, false, 1), (process.ExitCode, process.IsAlive, file.Lines));
        Assert.Contains("exit code 0", process.ToString(), StringComparison.Ordinal);
    }

    /// <summary><c>test_current</c>, <c>test_parent_process_attributes</c>, <c>test_parent_process</c></summary>
    [Fact]
    public async Task CurrentAndParent_InAChild_ReturnTheChildAndItsParent()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var queue = await manager.CreateQueueAsync<(string, int, string, int, bool)>();
        Assert.Equal(("MainProcess", Environment.ProcessId), (WorkerProcess.Current.Name, WorkerProcess.Current.ProcessId));
        Assert.Null(WorkerProcess.Parent);

        await using var process = new WorkerProcess(() => queue.Put(Family()), new WorkerProcessOptions { Name = "child" });
        await process.StartAsync().Soon();

        Assert.Equal(("child", process.ProcessId, "MainProcess", Environment.ProcessId, true), await queue.GetAsync().Soon());
        Assert.Equal(0, await process.JoinAsync().Soon());
    }

    /// <summary><c>test_terminate</c>: the exit code is -15, as in Python.</summary>
    [Fact]
    public async Task Terminate_RunningProcess_EndsWithMinusFifteen()
    {
        using var checkpoint = new Checkpoint();
        await using var process = await WorkerProcess.StartAsync(port => { Checkpoint.ReportAndWait(port); }, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        process.Terminate();

        Assert.Equal(-15, await process.Exited.Soon());
        process.Terminate();
    }

    /// <summary>As in Python, <c>terminate()</c> runs only signal handlers that the function has set.</summary>
    [Fact]
    public async Task Terminate_FunctionHandlesTheSignal_EndsWithItsExitCode()
    {
        using var checkpoint = new Checkpoint();
        await using var process = await WorkerProcess.StartAsync(EndWithSevenWhenAsked, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        process.Terminate();

        Assert.Equal(7, await process.JoinAsync().Soon());
    }

    /// <summary><c>test_active_children</c>, <c>test_sentinel</c>, <c>test_many_processes</c></summary>
    [Fact]
    public async Task Children_SeveralProcesses_ReturnsRunningOnes()
    {
        using var checkpoint = new Checkpoint();
        var port = checkpoint.Port;
        var processes = Enumerable.Range(0, 3).Select(_ => new WorkerProcess(() => { Checkpoint.ReportAndWait(port); })).ToArray();
        await Task.WhenAll(processes.Select(process => process.StartAsync())).Soon();
        Assert.Subset(WorkerProcess.Children.ToHashSet(), processes.ToHashSet());

        processes[1].Kill();
        Assert.Same(processes[1].Exited, await Task.WhenAny(processes.Select(process => process.Exited)).Soon());

        Assert.DoesNotContain(processes[1], WorkerProcess.Children);
        foreach (var process in processes)
            await process.DisposeAsync().AsTask().Soon();
        Assert.Equal([-9, -9, -9], processes.Select(process => process.ExitCode));
    }

    /// <summary><c>test_recursion</c>. In Python a daemon cannot have children; here it can, and they end with it.</summary>
    [Fact]
    public async Task Process_InsideAProcess_StartsProcessesAndPools()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var names = await manager.CreateQueueAsync<string>();

        await using var process = new WorkerProcess(() => StartChildAsync(names), new WorkerProcessOptions { Name = "WorkerProcess-9" });
        await process.StartAsync().Soon();

        Assert.Equal(0, await process.JoinAsync().Soon());
        Assert.Equal("WorkerProcess-9:1 ended with 5", names.Get(Waiting.Guard));
        Assert.Equal("1, 4, 9", names.Get(Waiting.Guard));
    }

    /// <summary><c>test_daemon_argument</c>: the end of a non-daemon process is awaited.</summary>
    [Fact]
    public async Task Dispose_NonDaemonProcess_WaitsForItsEnd()
    {
        using var checkpoint = new Checkpoint();
        var port = checkpoint.Port;
        var process = new WorkerProcess(() => { Checkpoint.ReportAndWait(port); }, new WorkerProcessOptions { IsDaemon = false });
        await process.StartAsync().Soon();
        using var held = await checkpoint.NextAsync();

        var disposing = process.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        held.Release();
        await disposing.Soon();

        Assert.Equal(0, process.ExitCode);
    }

    /// <summary><c>test_wait_for_threads</c></summary>
    [Fact]
    public async Task Process_ForegroundThreadRemains_EndsWithThatThread()
    {
        using var checkpoint = new Checkpoint();
        await using var process = await WorkerProcess.StartAsync(PassOnAThread, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        Assert.True(process.IsAlive);
        held.Release();

        Assert.Equal(0, await process.JoinAsync().Soon());
    }

    /// <summary><c>test_atexit</c></summary>
    [Fact]
    public async Task Process_WithAnExitHandler_RunsItAtTheEnd()
    {
        using var file = new TempFile();
        await using var process = await WorkerProcess.StartAsync(WriteAtExit, file.Path).Soon();
        Assert.Equal(0, await process.JoinAsync().Soon());
        Assert.Equal(1, file.Lines);
    }

    /// <summary><c>test_close</c>. Python's <c>close()</c> raises while the process runs; <c>Dispose</c> ends the process.</summary>
    [Fact]
    public async Task Dispose_NeverStarted_RefusesALaterStart()
    {
        var process = new WorkerProcess(() => { });
        await process.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => process.StartAsync());
    }

    [Fact]
    public async Task Output_Process_IsWrittenToTheStreamsOfItsOptions()
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        await using var process = new WorkerProcess(Print, new WorkerProcessOptions { Output = output, Error = errors });
        await process.StartAsync().Soon();
        await process.JoinAsync().Soon();
        await process.DisposeAsync();

        Assert.Equal(("to output\n", "to error\n"), (Text(output), Text(errors)));
    }

    private static string Text(MemoryStream stream) => System.Text.Encoding.UTF8.GetString(stream.ToArray());

    private static void Print()
    {
        Console.WriteLine("to output");
        Console.Error.WriteLine("to error");
    }

    private static (string Name, int Id, string ParentName, int Parent, bool IsParentAlive) Family() => (
        WorkerProcess.Current.Name, WorkerProcess.Current.ProcessId,
        WorkerProcess.Parent!.Name, WorkerProcess.Parent.ProcessId, WorkerProcess.Parent.IsAlive);

    private static void EndWithSevenWhenAsked(int port)
    {
        using var registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            Environment.Exit(7);
        });
        Checkpoint.ReportAndWait(port);
    }

    private static async Task StartChildAsync(ManagedQueue<string> names)
    {
        await using var child = new WorkerProcess(() => Environment.Exit(5));
        await child.StartAsync();
        await child.JoinAsync();
        names.Put($"{child.Name} ended with {child.ExitCode}");
        await using var pool = await ProcessPool.StartAsync(2);
        names.Put(string.Join(", ", await pool.MapAsync(x => x * x, [1, 2, 3])));
    }

    private static void WriteAtExit(string path) => AppDomain.CurrentDomain.ProcessExit += (_, _) => TempFile.Count(path);

    private static void PassOnAThread(int port) => new Thread(() => Checkpoint.ReportAndWait(port)).Start();
}
