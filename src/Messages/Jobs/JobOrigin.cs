using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>The data about the submission of a job that its function can read (<see cref="JobContext"/>).</summary>
/// <param name="Session">Identifies the pool's session at the client. With the number of the job it identifies the job.</param>
/// <param name="SubmittedAt">The time of the submission, in milliseconds of Unix time.</param>
/// <param name="Reserved">Zero. Earlier versions sent the index of a chunk's first item, which is part of the arguments now.</param>
/// <param name="Attempt">The number of this start of the job, counted from 1.</param>
/// <param name="Losses">The ends of the newest <see cref="AttemptHistory.MaxReported"/> earlier attempts; default for none.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record JobOrigin(
    Guid Session, long SubmittedAt, long Reserved = 0, int Attempt = 1, ImmutableArray<AttemptLoss> Losses = default)
{
    /// <summary>
    /// Gets the ends of the newest earlier attempts. A longer list from another process is not read: each job of a message may refer to
    /// it, so that the cost of the message would be the product of both.
    /// </summary>
    public ImmutableArray<AttemptLoss> Losses { get; init; } = Losses.IsDefault || Losses.Length <= AttemptHistory.MaxReported ? Losses
        : throw new ArgumentException(
            $"A job is told about at most {AttemptHistory.MaxReported} attempts; {Losses.Length} were sent.", nameof(Losses));
}
