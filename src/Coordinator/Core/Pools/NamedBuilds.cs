using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The builds of a durable pool in the order in which they were opened for the first time, with their named functions. Has no actor and no
/// clock.
/// </summary>
public sealed class NamedBuilds
{
    private readonly List<Build> _oldestFirst = [];

    /// <summary>All builds, the oldest first.</summary>
    public IEnumerable<StoredBuild> All => _oldestFirst.Select(static build => build.Stored);

    /// <summary>The bytes of the named functions.</summary>
    public long Size { get; private set; }

    /// <summary>Adds a build as the newest one, unless it is known.</summary>
    public void AddBuild(StoredBuild build)
    {
        if (_oldestFirst.Exists(known => known.Stored.Bundle == build.Bundle))
            return;
        _oldestFirst.Add(new Build(build, build.Functions.ToDictionary(function => function.Name.Name)));
        Size += WireLimits.SizeOf(build.Functions);
    }

    /// <summary>Removes a build.</summary>
    public void RemoveBuild(BundleId bundle)
    {
        if (_oldestFirst.Find(build => build.Stored.Bundle == bundle) is not { } removed)
            return;
        _oldestFirst.Remove(removed);
        Size -= WireLimits.SizeOf(removed.Stored.Functions);
    }

    /// <summary>Finds the newest build that knows a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isUsed">Whether a build is used and can run jobs.</param>
    /// <returns>The build; null if there is none.</returns>
    public BundleId? FindNewest(string name, Predicate<BundleId> isUsed) =>
        _oldestFirst.FindLast(build => build.Functions.ContainsKey(name) && isUsed(build.Stored.Bundle))?.Stored.Bundle;

    /// <summary>Gets the function of a build with a name that it knows.</summary>
    public NamedFunction GetFunction(BundleId bundle, string name) =>
        _oldestFirst.Find(build => build.Stored.Bundle == bundle)!.Functions[name];

    private sealed record Build(StoredBuild Stored, Dictionary<string, NamedFunction> Functions);
}
