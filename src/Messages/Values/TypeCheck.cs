using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Actors.Messages.Values;

/// <summary>Walks the graph of a type's parts for one that cannot be carried, so that a refusal comes before anything is sent.</summary>
internal static class TypeCheck
{
    private static readonly ConcurrentDictionary<Type, Refusal?> Known = new();

    /// <summary>Why a type cannot be carried, with the path to the member that is in the way; null when it can.</summary>
    internal static string? RefusalOf(Type type) =>
        Find(type)?.ToString();

    /// <summary>Why the target of a function cannot be carried; of closures, only the variables count that the function uses.</summary>
    internal static Refusal? RefusalOf(Type target, CapturedFields captured) =>
        Closures.Is(target) ? Find(target, [(TypeNames.Short(target), target)], [], captured) : Find(target);

    private static Refusal? Find(Type type) => FormatterChoice.IsUsual(type)
        ? null
        : Known.GetOrAdd(type, static type => Find(type, [(TypeNames.Short(type), type)], [], CapturedFields.All));

    private static Refusal? Find(Type type, ImmutableArray<(string Label, Type Type)> path, HashSet<Type> seen, CapturedFields captured)
    {
        if (!seen.Add(type))
        {
            return null;
        }

        var plan = TypePlan.Of(type);
        if ((path.Length > ValueWriter.MaxDepth + 1 ? "its type grows without end" : plan.Refusal) is { } advice)
        {
            return new Refusal(path, advice);
        }

        foreach (var (label, part) in PartsOf(type, plan, captured))
        {
            if (Find(part, path.Add((label, part)), seen, captured) is { } refusal)
            {
                // What is inside this library's own classes means nothing to their users.
                return FrameworkAssemblies.IsOwn(type.Assembly.GetName().Name!)
                    ? new Refusal(path, Advice.On(type) ?? "it belongs to the process that made it")
                    : refusal;
            }
        }

        return null;
    }

    private static ImmutableArray<(string Label, Type Type)> PartsOf(Type type, TypePlan plan, CapturedFields captured) =>
        Closures.Is(type) ? TypePlan.PartsOf(Closures.FieldsOf(type).Where(captured.Contains)) : plan.Parts;
}
