using Actors.Messages.Jobs;

namespace Actors.Messages.Functions;

/// <summary>An encoded call of a user function.</summary>
/// <param name="Function">Identifies the function.</param>
/// <param name="Arguments">The encoded arguments.</param>
/// <param name="KeptAlive">The objects that must stay alive until the arguments have arrived; null for none.</param>
/// <param name="Name">The name of the function that outlives builds; null for none.</param>
public readonly record struct PreparedCall(
    FunctionRef Function, ReadOnlyMemory<byte> Arguments, IReadOnlyList<object>? KeptAlive = null, JobName? Name = null);
