using Actors.Messages.Jobs;

namespace Actors.Messages.Functions;

/// <summary>A call of a user function, ready to travel: the function's name and its encoded arguments.</summary>
internal readonly record struct PreparedCall(FunctionRef Function, ReadOnlyMemory<byte> Arguments);
