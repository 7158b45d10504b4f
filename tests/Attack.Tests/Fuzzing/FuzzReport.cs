namespace Actors.Attack.Tests.Fuzzing;

/// <summary>What reading malformed bytes did.</summary>
internal sealed record FuzzReport
{
    /// <summary>How many inputs were read.</summary>
    public long Inputs { get; set; }

    /// <summary>How many of them were refused with the documented exception.</summary>
    public long Refused { get; set; }

    /// <summary>The first undocumented exceptions, limits that were passed, with the input.</summary>
    public List<string> Faults { get; init; } = [];

    /// <summary>The most bytes that one input allocated, beyond a multiple of its own length.</summary>
    public long MostAllocated { get; set; }

    /// <summary>The longest time of one input, in milliseconds.</summary>
    public double Slowest { get; set; }
}
