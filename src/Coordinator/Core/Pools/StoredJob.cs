using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <summary>A job from the store.</summary>
/// <param name="Job">The job.</param>
/// <param name="Losses">Its lost attempts.</param>
/// <param name="MayHaveBegun">Whether it is an at-most-once job that may have begun.</param>
public readonly record struct StoredJob(JobSpec Job, IReadOnlyList<AttemptLoss> Losses, bool MayHaveBegun);
