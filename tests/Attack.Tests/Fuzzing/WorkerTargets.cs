using System.Net.Sockets;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.WorkerNode.Executors;
using Akka.Actor;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>
/// All data that a node reads from a worker with user code: bytes of the socket, frames of each kind, and receipts in shared memory.
/// </summary>
internal static class WorkerTargets
{
    public const string Prefix = "worker:";

    private const long Asked = 3;

    /// <summary>The buffer of a stream, and its largest allocation for a length before the content arrives.</summary>
    private const int StreamMemory = (64 << 10) + FrameLimits.FirstAllocation;

    public static IReadOnlyList<IFuzzTarget> All { get; } = [.. FrameSamples().Select(OfKind), OfStream(), OfReceipts()];

    /// <summary>Returns one valid frame of each kind that a worker sends.</summary>
    private static IEnumerable<(FrameKind Kind, byte[] Frame)> FrameSamples()
    {
        var failure = new FailureInfo("T", "A", "m é", "stack", [new("k", "v")], new FailureInfo("I", "", "", null, [], null));
        var call = new ObjectCall(default, 1, ObjectOperation.Put, -1, 2, [new byte[] { 1, 2 }, default]);
        yield return (FrameKind.Ready, Written(FrameKind.Ready, _ => { }));
        yield return (FrameKind.InitializerFailed, Written(FrameKind.InitializerFailed, writer => writer.WriteFailure(failure)));
        yield return (FrameKind.Progress, Written(FrameKind.Progress, writer =>
        {
            writer.WriteInt64(3);
            writer.WriteInt32(0);
            writer.WriteBytes([1, 2]);
        }));
        yield return (FrameKind.Done, Written(FrameKind.Done, writer => WriteOutcomes(writer, failure)));
        yield return (FrameKind.DoneStored, Written(FrameKind.DoneStored, writer => WriteNumbers(writer, 5, 3)));
        yield return (FrameKind.Returned, Written(FrameKind.Returned, WriteJobs));
        yield return (FrameKind.Held, Written(FrameKind.Held, writer =>
        {
            writer.WriteInt64(Asked);
            WriteJobs(writer);
        }));
        yield return (FrameKind.ObjectCall, WrittenFrame(writer => ObjectFrames.WriteMessage(writer, call)));
        yield return (
            FrameKind.ObjectReplyReceived, WrittenFrame(
                writer => ObjectFrames.WriteMessage(writer, FrameKind.ObjectReplyReceived, default, 7)));
        yield return (
            FrameKind.ObjectCallAbandoned, WrittenFrame(
                writer => ObjectFrames.WriteMessage(writer, FrameKind.ObjectCallAbandoned, default, 7)));
        yield return (FrameKind.Caller, WrittenFrame(writer => ObjectFrames.WriteCaller(writer, FrameKind.Caller, 4)));
        yield return (FrameKind.CallerEnded, WrittenFrame(writer => ObjectFrames.WriteCaller(writer, FrameKind.CallerEnded, 4)));
        yield return (FrameKind.ReceiptsPending, Written(FrameKind.ReceiptsPending, _ => { }));
    }

    /// <summary>Returns a target that reads bodies of one kind of frame like a node whose worker has a few jobs.</summary>
    private static FuzzTarget<InvalidDataException> OfKind((FrameKind Kind, byte[] Frame) sample)
    {
        var progress = Progress();
        return new(
            $"{Prefix}{sample.Kind}", [sample.Frame[5..]], bytes =>
            {
                using var node = Node(progress);
                node.ProcessFrame(new Frame(sample.Kind, bytes));
            });
    }

    /// <summary>Returns a target that splits the bytes of the socket into frames and reads them.</summary>
    private static FuzzTarget<InvalidDataException> OfStream()
    {
        var progress = Progress();
        // A worker sends the failure of an initializer instead of all other frames.
        byte[] others = [.. FrameSamples().Where(sample => sample.Kind != FrameKind.InitializerFailed).SelectMany(sample => sample.Frame)];
        byte[][] samples = [others, .. FrameSamples().Select(sample => sample.Frame)];
        return new($"{Prefix}stream", samples, bytes => ReadSocket(bytes, progress), StreamMemory);
    }

    private static void ReadSocket(byte[] bytes, ProgressFile progress)
    {
        using var node = Node(progress);
        using var sockets = new SocketPair();
        sockets.Near.Send(bytes);
        sockets.Near.Shutdown(SocketShutdown.Send);
        var frames = new FrameStream(new ExecutorSocket(sockets.Far));
        while (frames.TryRead(out var frame))
            node.ProcessFrame(frame);
    }

    /// <summary>Returns a target for the shared file of node and worker, whose content is untrusted.</summary>
    private static FuzzTarget<InvalidDataException> OfReceipts()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        ProgressFile.CreateFile(path).Dispose();
        var file = new FileStream(
            path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.DeleteOnClose);
        using (var worker = ExecutorProgress.OpenFile(path))
        {
            worker.Receipts.TryAdd(new ObjectReplyReceived(new ObjectId(Guid.NewGuid()), 1));
            worker.Receipts.TryAdd(new ObjectReplyReceived(new ObjectId(Guid.NewGuid()), 2));
        }

        // The header and the first receipts are enough, because the rest of the file also consists of receipts.
        var sample = new byte[256];
        file.ReadExactly(sample);
        return new($"{Prefix}receipts", [sample], bytes =>
        {
            file.Position = 0;
            file.Write(bytes.AsSpan(0, Math.Min(bytes.Length, ExecutorProgress.Length)));
            new ReceiptReader(file.SafeFileHandle, ExecutorProgress.FirstReceiptWord * sizeof(long)).TakeReceipts();
        });
    }

    private static ExecutorFrames Node(ProgressFile progress)
    {
        var assigned = new AssignedJobs();
        assigned.AddJobs([.. Enumerable.Range(1, 5).Select(job => new JobSpec(new JobId(job), null!, default, JobPolicy.Once))]);
        var reports = new WorkerReports(assigned, new JobDeadlines());
        var node = new ExecutorFrames(
            new ReportLog(default), ActorRefs.Nobody, ActorRefs.Nobody, ActorRefs.Nobody, reports,
            new RunSpans("pool", isOnCluster: true), hasFiles: true, progress.Receipts, TimeProvider.System);
        node.SetAskedPosition(Asked);
        return node;
    }

    private static ProgressFile Progress()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var progress = ProgressFile.CreateFile(path);
        File.Delete(path);
        return progress;
    }

    private static void WriteOutcomes(FrameWriter writer, FailureInfo failure)
    {
        writer.WriteInt64(5);
        writer.WriteInt32(2);
        writer.WriteInt64(1);
        writer.WriteByte((byte)JobStatus.Succeeded);
        writer.WriteFailure(null);
        writer.WriteBytes([1, 2, 3]);
        writer.WriteInt64(2);
        writer.WriteByte((byte)JobStatus.Threw);
        writer.WriteFailure(failure);
        writer.WriteBytes([]);
    }

    private static void WriteJobs(FrameWriter writer)
    {
        writer.WriteInt32(2);
        WriteNumbers(writer, 4, 5);
    }

    private static void WriteNumbers(FrameWriter writer, long first, long second)
    {
        writer.WriteInt64(first);
        writer.WriteInt64(second);
    }

    private static byte[] Written(FrameKind kind, Action<FrameWriter> write) => WrittenFrame(writer =>
    {
        writer.BeginFrame(kind);
        write(writer);
        writer.EndFrame();
    });

    private static byte[] WrittenFrame(Action<FrameWriter> write)
    {
        var writer = new FrameWriter();
        write(writer);
        return writer.Written.ToArray();
    }
}
