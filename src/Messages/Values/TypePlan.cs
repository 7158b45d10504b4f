using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Actors.Messages.Values;

/// <summary>How values of a type are carried, or why they are refused.</summary>
/// <param name="Formatter">The type of its formatter; null when it is refused.</param>
/// <param name="Parts">The types of its parts, with their labels in a path.</param>
/// <param name="Refusal">The advice when it is refused; otherwise null. Its parts may still be refused.</param>
public sealed record TypePlan(Type? Formatter, ImmutableArray<(string Label, Type Type)> Parts, string? Refusal)
{
    public static TypePlan ForType(Type type)
    {
        if (ReflectedType.FindAdvice(type) is { } advice)
        {
            return new TypePlan(null, [], advice);
        }

        return ForArray(type) ?? FromTable(type) ?? FromMarks(type) ?? FromFields(type);
    }

    private static TypePlan? ForArray(Type type)
    {
        if (!type.IsArray)
        {
            return null;
        }

        var item = type.GetElementType()!;
        var formatter = type.IsSZArray
            ? typeof(ArrayFormatter<>).MakeGenericType(item)
            : typeof(MultiArrayFormatter<,>).MakeGenericType(type, item);
        return new TypePlan(formatter, [("[]", item)], null);
    }

    private static TypePlan? FromTable(Type type)
    {
        if (type.IsEnum || FormatterTable.Raw.Contains(type))
        {
            return WithoutParts(typeof(RawFormatter<>).MakeGenericType(type));
        }

        if (FormatterTable.Single.TryGetValue(type, out var single))
        {
            return WithoutParts(single);
        }

        return type.IsGenericType && FormatterTable.Generic.TryGetValue(type.GetGenericTypeDefinition(), out var generic)
            ? new TypePlan(
                generic.MakeGenericType(type.GetGenericArguments()),
                [.. type.GetGenericArguments().Select(part => (PartLabel(type), part))], null)
            : null;
    }

    private static TypePlan? FromMarks(Type type)
    {
        if (type.GetInterfaces().Any(
            i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICarried<>) && i.GetGenericArguments()[0] == type))
        {
            return WithoutParts(typeof(CarriedFormatter<>).MakeGenericType(type));
        }

        var cases = MemoryPackAttributes.GetCases(type);
        return cases.IsEmpty
            ? null
            : new TypePlan(
                typeof(UnionFormatter<>).MakeGenericType(type), [.. cases.Select(
                    part => ($" ({TypeNames.GetShortName(part)})", part))], null);
    }

    private static TypePlan FromFields(Type type)
    {
        if (Closures.IsClosure(type))
        {
            return new TypePlan(typeof(ClosureFormatter<>).MakeGenericType(type), GetParts(Closures.GetFields(type)), null);
        }

        var fields = ReflectedFields.GetFields(type);
        return fields.Any(field => field.IsDefined(typeof(FixedBufferAttribute))) || type.IsDefined(typeof(InlineArrayAttribute))
            ? new TypePlan(null, [], TypeRules.FixedStorage)
            : new TypePlan(typeof(ReflectedFormatter<>).MakeGenericType(type), GetParts(fields), null);
    }

    /// <summary>Gets the parts of a type that are fields.</summary>
    public static ImmutableArray<(string Label, Type Type)> GetParts(IEnumerable<FieldInfo> fields) =>
        [.. fields.Select(field => ("." + TypeNames.GetMemberName(field.Name), field.FieldType))];

    private static TypePlan WithoutParts(Type formatter) => new(formatter, [], null);

    private static string PartLabel(Type type) => type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? "[]" : "";
}
