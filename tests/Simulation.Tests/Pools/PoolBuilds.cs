using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Simulation.Tests.Pools;

/// <summary>The two builds of the simulated program. Both have a function with a name; the code of the functions differs.</summary>
internal static class PoolBuilds
{
    private const string Name = "render";
    private const long Signature = 7;

    public static BundleId Old { get; } = new(1, 0);

    public static BundleId New { get; } = new(2, 0);

    /// <summary>The named functions of a build.</summary>
    public static ImmutableArray<NamedFunction> FunctionsOf(BundleId build) => [new(Named, NamedFunctionOf(build))];

    /// <summary>The name of a job that runs with the newest build.</summary>
    public static JobName Named { get; } = new(Name, Signature, RunsNewest: true);

    /// <summary>The function of a job.</summary>
    public static FunctionRef FunctionOf(BundleId build, bool isNamed) =>
        isNamed ? NamedFunctionOf(build) : new FunctionRef("f", Code(build, 0));

    /// <summary>Whether a function is code of a build.</summary>
    public static bool IsCodeOf(FunctionRef function, BundleId build) => function.Definition.Span[0] == (byte)build.High;

    private static FunctionRef NamedFunctionOf(BundleId build) => new(Name, Code(build, 1));

    private static byte[] Code(BundleId build, byte function) => [(byte)build.High, function];
}
