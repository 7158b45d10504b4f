namespace Actors.Simulation.Tests.Kernel;

/// <summary>
/// A small random generator (SplitMix64) whose numbers depend on nothing but the seed, and which costs nothing to create.
/// </summary>
internal sealed class StableRandom(long seed)
{
    private ulong _state = (ulong)seed * 0x9E3779B97F4A7C15 + 0x1234567;

    public int Next(int below) => (int)(NextBits() % (ulong)below);

    /// <summary>A number that depends only on its two arguments.</summary>
    public static int Mix(long seed, long number, int below)
    {
        var random = new StableRandom(seed * 1_000_003 + number);
        return random.Next(below);
    }

    private ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
