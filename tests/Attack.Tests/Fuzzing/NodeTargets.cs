using Actors.Executor.Jobs;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>The frames that a worker reads from its node: they carry bytes of clients.</summary>
internal static class NodeTargets
{
    public const string Prefix = "node:";

    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        CreateTarget("define", WriteDefinition, frame => new FunctionTable().AddDefinition(frame)),
        CreateTarget("run", WriteJobs, frame => new JobQueue().AddJobs(frame)),
        CreateTarget("trace", WriteTrace, frame => new JobQueue().AddTrace(frame)),
        CreateTarget("run-stored", WriteStoredJob, frame => new JobQueue().AddStoredJob(frame)),
    ];

    private static FuzzTarget<InvalidDataException> CreateTarget(string name, Action<FrameWriter> write, Action<Frame> read)
    {
        var writer = new FrameWriter();
        write(writer);
        return new($"{Prefix}{name}", [writer.Written.ToArray()], bytes => read(new Frame(FrameKind.Run, bytes)));
    }

    private static void WriteDefinition(FrameWriter writer)
    {
        writer.WriteInt32(1);
        writer.WriteBytes([1, 2, 3]);
    }

    private static void WriteJobs(FrameWriter writer)
    {
        writer.WriteInt32(2);
        for (var job = 1; job <= 2; job++)
        {
            writer.WriteInt64(job);
            writer.WriteInt32(1);
            JobDetails.WriteDetails(writer, JobPolicy.Once, job == 1 ? null : JobPolicy.Once);
            writer.WriteBytes([1, 2, 3]);
        }
    }

    private static void WriteTrace(FrameWriter writer)
    {
        writer.WriteInt64(1);
        writer.WriteInt32(2);
        writer.WriteString("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        writer.WriteString(null);
        writer.WriteString("node1");
        writer.WriteString("Program.Square");
    }

    private static void WriteStoredJob(FrameWriter writer)
    {
        writer.WriteInt64(1);
        writer.WriteInt32(1);
        JobDetails.WriteDetails(writer, JobPolicy.Once, null);
    }
}
