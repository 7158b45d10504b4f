namespace Actors.Architecture.Tests;

/// <summary>The dependencies between the folders of a project.</summary>
/// <param name="all">The dependencies; several may have the same folders.</param>
internal sealed class FolderGraph(IEnumerable<FolderGraph.Dependency> all)
{
    private readonly ILookup<string, Dependency> _from =
        all.Where(dependency => dependency.From != dependency.To).ToLookup(dependency => dependency.From);

    /// <summary>
    /// Finds the dependencies that are part of a cycle: their target depends on their source, directly or through others.
    /// </summary>
    /// <param name="ignored">The folders of the dependencies that do not count.</param>
    public IReadOnlyList<Dependency> FindCycles(params IReadOnlyCollection<(string From, string To)> ignored) =>
    [
        .. from dependencies in _from.SelectMany(folder => folder).GroupBy(dependency => dependency.To)
           let reachable = FindReachable(dependencies.Key, ignored)
           from dependency in dependencies
           where reachable.Contains(dependency.From) && !ignored.Contains((dependency.From, dependency.To))
           select dependency,
    ];

    private HashSet<string> FindReachable(string folder, IReadOnlyCollection<(string From, string To)> ignored)
    {
        var found = new HashSet<string>();
        var pending = new Stack<string>([folder]);
        while (pending.TryPop(out var next))
        {
            foreach (var dependency in _from[next].Where(one => !ignored.Contains((one.From, one.To)) && found.Add(one.To)))
                pending.Push(dependency.To);
        }

        return found;
    }

    /// <summary>A type of a folder uses a type of another folder.</summary>
    /// <param name="From">The folder that depends on the other.</param>
    /// <param name="To">The folder on which it depends.</param>
    /// <param name="Example">The two types.</param>
    internal sealed record Dependency(string From, string To, string Example)
    {
        /// <inheritdoc/>
        public override string ToString() => $"{From} -> {To} ({Example})";
    }
}
