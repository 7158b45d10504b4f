using Actors.Messages.Jobs;

namespace Actors.Messages.Executors;

/// <summary>The data that a worker gets with a job besides its call. Most jobs of a frame have the same data.</summary>
/// <param name="Session">Identifies the pool's session at the client.</param>
/// <param name="SubmittedAt">The time of the submission, in milliseconds of Unix time.</param>
/// <param name="Attempt">The number of this start of the job, counted from 1.</param>
/// <param name="TimeoutMilliseconds">The time limit of the job, or of each item of a chunk; 0 for none.</param>
public sealed record JobDetails(Guid Session, long SubmittedAt, int Attempt, long TimeoutMilliseconds)
{
    private const byte Same = 0;
    private const byte Different = 1;

    /// <summary>The shortest attempt: three numbers, two lengths.</summary>
    private const int SmallestAttempt = 5 * sizeof(int);

    /// <summary>Gets the newest earlier attempts, which a retried job has.</summary>
    public IReadOnlyList<LostAttempt> History { get; init; } = [];

    /// <summary>Gets the details of no job.</summary>
    public static JobDetails None { get; } = new(Guid.Empty, 0, 1, 0);

    /// <summary>Gets the details of a job with this policy.</summary>
    public static JobDetails FromPolicy(JobPolicy policy) => policy.Origin is { } origin
        ? new JobDetails(origin.Session, origin.SubmittedAt, origin.Attempt, policy.TimeoutMilliseconds)
        {
            History = origin.Losses.IsDefaultOrEmpty
                ? []
                : AttemptHistory.ToLostAttempts(AttemptHistory.LimitAttempts(origin.Losses)),
        }
        : None with { TimeoutMilliseconds = policy.TimeoutMilliseconds };

    /// <summary>Writes the details of a job: one byte if its policy is that of the previous job of the frame.</summary>
    public static void WriteDetails(FrameWriter writer, JobPolicy policy, JobPolicy? previous)
    {
        writer.WriteByte(ReferenceEquals(policy, previous) ? Same : Different);
        if (ReferenceEquals(policy, previous))
            return;
        var details = FromPolicy(policy);
        writer.WriteGuid(details.Session);
        writer.WriteInt64(details.SubmittedAt);
        writer.WriteInt32(details.Attempt);
        writer.WriteInt64(details.TimeoutMilliseconds);
        if (details.Attempt > 1)
            WriteHistory(writer, details.History);
    }

    /// <summary>Reads the details of a job.</summary>
    /// <param name="reader">The frame.</param>
    /// <param name="previous">The details of the previous job of the frame; null for none.</param>
    /// <exception cref="InvalidDataException">The first job of a frame has no details.</exception>
    public static JobDetails ReadDetails(ref FrameReader reader, JobDetails? previous)
    {
        if (reader.ReadByte() == Same)
            return previous ?? throw new InvalidDataException("The first job of a frame has no details.");
        var details = new JobDetails(reader.ReadGuid(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64());
        return details.Attempt > 1 ? details with { History = ReadHistory(ref reader) } : details;
    }

    private static void WriteHistory(FrameWriter writer, IReadOnlyList<LostAttempt> history)
    {
        writer.WriteInt32(history.Count);
        foreach (var attempt in history)
        {
            writer.WriteString(attempt.Node);
            writer.WriteInt32(attempt.ProcessId);
            writer.WriteInt32(attempt.ExitCode is null ? 0 : 1);
            writer.WriteInt32(attempt.ExitCode ?? 0);
            writer.WriteString(attempt.Reason);
        }
    }

    private static LostAttempt[] ReadHistory(ref FrameReader reader)
    {
        var count = reader.ReadCount(SmallestAttempt);
        if (count > AttemptHistory.MaxReported)
            throw new InvalidDataException($"A job has {count} earlier attempts, more than {AttemptHistory.MaxReported}.");
        LostAttempt[] history = count == 0 ? [] : new LostAttempt[count];
        for (var i = 0; i < count; i++)
        {
            var (node, processId) = (reader.ReadString() ?? "", reader.ReadInt32());
            var (hasExitCode, exitCode) = (reader.ReadInt32() != 0, reader.ReadInt32());
            history[i] = new LostAttempt(node, processId, hasExitCode ? exitCode : null, reader.ReadString() ?? "");
        }

        return history;
    }
}
