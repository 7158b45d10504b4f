using Actors.EndToEnd.Tests.Support;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Objects;

namespace Actors.EndToEnd.Tests;

/// <summary>A program that outlives its worker changes the file that the worker shares with its node.</summary>
public sealed class HostileFileTests
{
    [Fact]
    public async Task ProgressFile_GetsReceiptsWithoutEnd_TheEndOfTheWorkerIsReported()
    {
        await using var own = await TestPool.StartAsync(1);
        var (path, worker) = await own.Pool.ApplyAsync(FindProgressFile).Soon();
        using var progress = ExecutorProgress.OpenFile(path);
        using var stop = new CancellationTokenSource();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var adding = Task.Run(() => AddReceipts(progress.Receipts, began, stop.Token));
        await began.Task.Soon();

        ProcessIds.Kill(worker);

        await own.ExitOf(worker);
        Assert.NotEqual(worker, (await own.Pool.ApplyAsync(FindProgressFile).Soon()).Worker);
        await stop.CancelAsync();
        await adding.Soon();
    }

    public static (string Path, int Worker) FindProgressFile()
    {
        var mapping = File.ReadLines("/proc/self/maps").First(line => line.EndsWith(".progress", StringComparison.Ordinal));
        return (mapping[mapping.IndexOf('/', StringComparison.Ordinal)..], Environment.ProcessId);
    }

    private static void AddReceipts(ReceiptRing ring, TaskCompletionSource began, CancellationToken stop)
    {
        for (var call = 1L; !stop.IsCancellationRequested;)
        {
            if (ring.TryAdd(new ObjectReplyReceived(new ObjectId(Guid.Empty), call)))
                call++;
            else
                began.TrySetResult();
        }
    }
}
