using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Actors.Messages.Values;

/// <summary>Searches the parts of a type for one that cannot be carried, before anything is sent.</summary>
public static class TypeCheck
{
    private static readonly ConcurrentDictionary<Type, Refusal?> Known = new();

    /// <summary>Explains why a type cannot be carried, with the path to the refused member; null when it can be carried.</summary>
    public static string? FindRefusal(Type type) =>
        SearchGraph(type)?.ToString();

    /// <summary>
    /// Explains why the target of a function cannot be carried. Only the captured variables that the function uses are checked.
    /// </summary>
    public static Refusal? FindRefusal(Type target, CapturedFields captured) =>
        Closures.IsClosure(target) ? SearchGraph(target, [(TypeNames.GetShortName(target), target)], [], captured) : SearchGraph(target);

    private static Refusal? SearchGraph(Type type) => FormatterChoice.IsUsual(type)
        ? null
        : Known.GetOrAdd(type, static type => SearchGraph(type, [(TypeNames.GetShortName(type), type)], [], CapturedFields.All));

    private static Refusal? SearchGraph(
        Type type, ImmutableArray<(string Label, Type Type)> path, HashSet<Type> seen, CapturedFields captured)
    {
        if (!seen.Add(type))
        {
            return null;
        }

        var plan = TypePlan.ForType(type);
        if ((path.Length > ValueWriter.MaxDepth + 1 ? TypeRules.GrowsWithoutEnd : plan.Refusal) is { } advice)
        {
            return new Refusal(path, advice);
        }

        foreach (var (label, part) in GetParts(type, plan, captured))
        {
            if (SearchGraph(part, path.Add((label, part)), seen, captured) is { } refusal)
            {
                // Users do not know the members of this library's classes, so the refusal names the class itself.
                return FrameworkAssemblies.IsLibraryType(type)
                    ? new Refusal(path, TypeAdvice.FindAdvice(new ReflectedType(type)) ?? "it belongs to the process that made it")
                    : refusal;
            }
        }

        return null;
    }

    private static ImmutableArray<(string Label, Type Type)> GetParts(Type type, TypePlan plan, CapturedFields captured) =>
        Closures.IsClosure(type) ? TypePlan.GetParts(Closures.GetFields(type).Where(captured.Contains)) : plan.Parts;
}
