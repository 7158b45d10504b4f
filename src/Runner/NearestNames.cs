using Actors.Runtime;

namespace Actors.Runner;

/// <summary>Orders names by their similarity to a misspelled one.</summary>
internal static class NearestNames
{
    /// <summary>Orders items by the number of letters that must be inserted, removed or replaced. Upper and lower case are equal.</summary>
    /// <param name="items">The items.</param>
    /// <param name="getName">Gets the name of an item.</param>
    /// <param name="misspelled">The misspelled name.</param>
    public static IEnumerable<T> OrderByDistance<T>(IEnumerable<T> items, Func<T, string> getName, string misspelled) =>
        items.OrderBy(item => EditDistance.CountEdits(getName(item), misspelled))
            .ThenBy(getName, StringComparer.Ordinal);
}
