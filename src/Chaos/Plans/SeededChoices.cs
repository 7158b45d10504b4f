namespace Actors.Chaos.Plans;

/// <summary>Random numbers that a seed decides, the same in every version of .NET (SplitMix64).</summary>
/// <param name="seed">The seed.</param>
internal sealed class SeededChoices(long seed)
{
    private ulong _position = (ulong)seed;

    /// <summary>Gets the next number.</summary>
    public ulong GetNext()
    {
        var mixed = _position += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Gets a fraction from 0 to 1, without 1.</summary>
    public double GetFraction() => (GetNext() >> 11) * (1.0 / (1UL << 53));
}
