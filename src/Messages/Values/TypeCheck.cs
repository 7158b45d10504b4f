using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Actors.Messages.Values;

/// <summary>Walks the graph of a type's parts for one that cannot be carried, so that a refusal comes before anything is sent.</summary>
internal static class TypeCheck
{
    private static readonly ConcurrentDictionary<Type, string?> Known = new();

    /// <summary>Why a type cannot be carried, with the path to the member that is in the way; null when it can.</summary>
    internal static string? RefusalOf(Type type) =>
        FormatterChoice.IsUsual(type) ? null : Known.GetOrAdd(type, static type => Find(type, TypeNames.Short(type), depth: 0, [], CapturedFields.All));

    /// <summary>Why the target of a function cannot be carried; of closures, only the variables count that the function uses.</summary>
    internal static string? RefusalOf(Type target, CapturedFields captured) =>
        Closures.Is(target) ? Find(target, TypeNames.Short(target), depth: 0, [], captured) : RefusalOf(target);

    private static string? Find(Type type, string path, int depth, HashSet<Type> seen, CapturedFields captured)
    {
        if (!seen.Add(type))
        {
            return null;
        }

        var plan = TypePlan.Of(type);
        if ((depth > ValueWriter.MaxDepth ? "its type grows without end" : plan.Refusal) is { } advice)
        {
            var subject = depth > 0 ? $"{path}: {TypeNames.Of(type)}" : TypeNames.Of(type);
            return $"{subject} cannot be carried to another process; {advice}.";
        }

        foreach (var (label, part) in PartsOf(type, plan, captured))
        {
            if (Find(part, path + label, depth + 1, seen, captured) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static ImmutableArray<(string Label, Type Type)> PartsOf(Type type, TypePlan plan, CapturedFields captured) =>
        Closures.Is(type) ? TypePlan.PartsOf(Closures.FieldsOf(type).Where(captured.Contains)) : plan.Parts;
}
