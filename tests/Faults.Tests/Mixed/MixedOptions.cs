using System.Globalization;
using Actors.Faults.Tests.Primitives;

namespace Actors.Faults.Tests.Mixed;

/// <summary>The options of the mixed soak, which are environment variables.</summary>
internal static class MixedOptions
{
    private const string EnabledVariable = "ACTORS_MIXED_TESTS";
    private const string MinutesVariable = "ACTORS_MIXED_MINUTES";
    private const string SeedVariable = "ACTORS_SEED";
    private const string LeakVariable = "ACTORS_MIXED_LEAK";
    private const string LoadVariable = "ACTORS_MIXED_LOAD";

    /// <summary>The reason why the soak is skipped; null if it runs.</summary>
    public static string? Skip { get; } = Environment.GetEnvironmentVariable(EnabledVariable) == "1"
        ? PrimitiveProbe.FindMissing(Primitive.Network) ?? PrimitiveProbe.FindMissing(Primitive.FullDisk)
        : $"The test takes an hour. It runs in scripts/soak mixed, or with {EnabledVariable}=1.";

    /// <summary>The time of the load; an hour by default.</summary>
    public static TimeSpan Duration { get; } = TimeSpan.FromMinutes(ReadNumber(MinutesVariable, 60));

    /// <summary>The seed of the faults and calls.</summary>
    public static int Seed { get; } = (int)ReadNumber(SeedVariable, Random.Shared.Next());

    /// <summary>Whether the test itself leaks memory, descriptors, threads and files: then it must fail.</summary>
    public static bool IsLeaking { get; } = Environment.GetEnvironmentVariable(LeakVariable) == "1";

    /// <summary>The number of other processes that need the processors all the time; none by default.</summary>
    public static int Load { get; } = (int)ReadNumber(LoadVariable, 0);

    private static double ReadNumber(string variable, double absent) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : absent;
}

/// <summary>A test that runs only in <c>scripts/soak mixed</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MixedFactAttribute : FactAttribute
{
    /// <summary>The time for the start and the last checks, in milliseconds.</summary>
    private const int More = 30 * 60_000;

    public MixedFactAttribute() =>
        (Skip, Timeout) = (MixedOptions.Skip, (int)(MixedOptions.Duration * 2).TotalMilliseconds + More);
}
