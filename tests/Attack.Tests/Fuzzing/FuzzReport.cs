namespace Actors.Attack.Tests.Fuzzing;

/// <summary>The result of reading malformed bytes.</summary>
internal sealed record FuzzReport
{
    /// <summary>Gets or sets the number of inputs.</summary>
    public long Inputs { get; set; }

    /// <summary>Gets or sets the number of inputs that caused the documented exception.</summary>
    public long Refused { get; set; }

    /// <summary>Gets the first undocumented exceptions and exceeded limits with their inputs.</summary>
    public List<string> Faults { get; init; } = [];

    /// <summary>Gets or sets the largest allocation of one input in bytes, besides a multiple of its length.</summary>
    public long MostAllocated { get; set; }

    /// <summary>Gets or sets the longest duration of one input in milliseconds.</summary>
    public double Slowest { get; set; }
}
