using Actors.Messages.Jobs;

namespace Actors.Messages.Functions;

/// <summary>A call of a user function, ready to travel.</summary>
/// <param name="Function">The function's name.</param>
/// <param name="Arguments">Its encoded arguments.</param>
/// <param name="KeptAlive">What must not go before they have arrived; null for nothing.</param>
internal readonly record struct PreparedCall(FunctionRef Function, ReadOnlyMemory<byte> Arguments, IReadOnlyList<object>? KeptAlive = null);
