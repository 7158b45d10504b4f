using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>Writes the frames of jobs, after the definitions of their functions that the executor does not know.</summary>
public static class RunFrame
{
    /// <summary>Larger arguments are sent without copying.</summary>
    private const int LargeArguments = 64 * 1024;

    /// <summary>Sends jobs in as many frames as their arguments need. One frame has a limited size.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="functions">The functions that the executor knows.</param>
    /// <param name="send">Sends the frames that an action writes, and then the bytes that the last frame announces.</param>
    public static void SendJobs(
        ImmutableArray<JobSpec> jobs, FunctionNumbers functions, Action<Action<FrameWriter>, ReadOnlyMemory<byte>> send)
    {
        if (jobs is [{ Arguments.Length: > LargeArguments } large])
            send(writer => WriteHead(writer, large, functions), large.Arguments);
        else if (jobs.Length == 1 || jobs.Sum(static job => (long)job.Arguments.Length) <= WireLimits.LargestBatch)
            send(writer => WriteJobs(writer, jobs, functions), default);
        else
            SendParts(jobs, functions, send);
    }

    private static void SendParts(
        ImmutableArray<JobSpec> jobs, FunctionNumbers functions, Action<Action<FrameWriter>, ReadOnlyMemory<byte>> send)
    {
        foreach (var part in WireLimits.SplitIntoBatches(jobs, static job => job.Arguments.Length))
            SendJobs(part, functions, send);
    }

    public static void WriteJobs(FrameWriter writer, ImmutableArray<JobSpec> jobs, FunctionNumbers functions)
    {
        Span<int> numbers = jobs.Length <= 256 ? stackalloc int[jobs.Length] : new int[jobs.Length];
        for (var i = 0; i < jobs.Length; i++)
            numbers[i] = PrepareJob(writer, jobs[i], functions);

        writer.BeginFrame(FrameKind.Run);
        writer.WriteInt32(jobs.Length);
        for (var i = 0; i < jobs.Length; i++)
        {
            writer.WriteInt64(jobs[i].Id.Value);
            writer.WriteInt32(numbers[i]);
            JobDetails.WriteDetails(writer, jobs[i].Policy, i == 0 ? null : jobs[i - 1].Policy);
            writer.WriteBytes(jobs[i].Arguments.Span);
        }

        writer.EndFrame();
    }

    /// <summary>Writes a job up to its arguments, which are sent separately without copying.</summary>
    private static void WriteHead(FrameWriter writer, JobSpec job, FunctionNumbers functions)
    {
        var number = PrepareJob(writer, job, functions);
        var start = writer.Length;
        writer.BeginFrame(FrameKind.Run);
        writer.WriteInt32(1);
        writer.WriteInt64(job.Id.Value);
        writer.WriteInt32(number);
        JobDetails.WriteDetails(writer, job.Policy, null);
        writer.WriteInt32(job.Arguments.Length);
        writer.EndFrame();
        writer.FillInt32(start, writer.Length - start - sizeof(int) + job.Arguments.Length);
    }

    /// <summary>Writes a job whose arguments are in its file.</summary>
    public static void WriteStoredJob(FrameWriter writer, JobSpec job, FunctionNumbers functions)
    {
        var number = PrepareJob(writer, job, functions);
        writer.BeginFrame(FrameKind.RunStored);
        writer.WriteInt64(job.Id.Value);
        writer.WriteInt32(number);
        JobDetails.WriteDetails(writer, job.Policy, null);
        writer.EndFrame();
    }

    /// <summary>Writes the trace of a job, and its function if the executor does not know it.</summary>
    /// <returns>The number of the function.</returns>
    private static int PrepareJob(FrameWriter writer, JobSpec job, FunctionNumbers functions)
    {
        if (job.Policy.Trace is { CanBeSent: true } trace && job.Function.Name.Length <= JobTrace.LongestText)
        {
            writer.BeginFrame(FrameKind.Trace);
            writer.WriteInt64(job.Id.Value);
            writer.WriteInt32(trace.Attempt);
            writer.WriteString(trace.Parent);
            writer.WriteString(trace.State);
            writer.WriteString(trace.Node);
            writer.WriteString(job.Function.Name);
            writer.EndFrame();
        }

        return GetOrDefineNumber(writer, job.Function, functions);
    }

    private static int GetOrDefineNumber(FrameWriter writer, FunctionRef function, FunctionNumbers functions)
    {
        var number = functions.GetNumber(function, out var isNew);
        if (!isNew)
            return number;
        writer.BeginFrame(FrameKind.Define);
        writer.WriteInt32(number);
        writer.WriteBytes(function.Definition.Span);
        writer.EndFrame();
        return number;
    }
}
