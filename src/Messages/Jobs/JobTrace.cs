using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>The trace context of a job, as in the W3C recommendation, and the start that it is used for.</summary>
/// <param name="Parent">The <c>traceparent</c>: the span of the submission.</param>
/// <param name="State">The <c>tracestate</c>; null for none.</param>
/// <param name="Attempt">The number of this start of the job.</param>
/// <param name="Node">The name of the worker node; empty until the pool selects one.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record JobTrace(string Parent, string? State = null, int Attempt = 1, string Node = "")
{
    /// <summary>The longest text of a trace in characters; a longer one is not traced in the worker.</summary>
    public const int LongestText = 512;

    /// <summary>Gets whether the trace can be sent to a worker.</summary>
    [MemoryPackIgnore]
    public bool CanBeSent => Parent.Length <= LongestText && (State?.Length ?? 0) <= LongestText && Node.Length <= LongestText;
}
