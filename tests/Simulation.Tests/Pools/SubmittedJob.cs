using Actors.Messages.Jobs;

namespace Actors.Simulation.Tests.Pools;

/// <summary>A job as its user submits it, once or again with the same key.</summary>
/// <param name="Function">The function.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="Policy">The options.</param>
/// <param name="Behavior">The behavior of the function.</param>
internal sealed record SubmittedJob(FunctionRef Function, ReadOnlyMemory<byte> Arguments, JobPolicy Policy, JobBehavior Behavior);
