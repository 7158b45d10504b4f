using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Actors.Messages.Values;

/// <summary>How a type is carried, or why not.</summary>
/// <param name="Formatter">Its formatter's type; null when it is refused.</param>
/// <param name="Parts">The types of which it holds values, each with what it is called in a path.</param>
/// <param name="Refusal">What to do instead; null when it is carried (as far as its parts are).</param>
internal sealed record TypePlan(Type? Formatter, ImmutableArray<(string Label, Type Type)> Parts, string? Refusal)
{
    internal static TypePlan Of(Type type)
    {
        if (Refusals.AdviceOn(type) is { } advice)
        {
            return new TypePlan(null, [], advice);
        }

        return OfArray(type) ?? OfTable(type) ?? OfMarked(type) ?? OfFields(type);
    }

    private static TypePlan? OfArray(Type type)
    {
        if (!type.IsArray)
        {
            return null;
        }

        var item = type.GetElementType()!;
        var formatter = type.IsSZArray ? typeof(ArrayFormatter<>).MakeGenericType(item) : typeof(MultiArrayFormatter<,>).MakeGenericType(type, item);
        return new TypePlan(formatter, [("[]", item)], null);
    }

    private static TypePlan? OfTable(Type type)
    {
        if (type.IsEnum || FormatterTable.Raw.Contains(type))
        {
            return Plain(typeof(RawFormatter<>).MakeGenericType(type));
        }

        if (FormatterTable.Single.TryGetValue(type, out var single))
        {
            return Plain(single);
        }

        return type.IsGenericType && FormatterTable.Generic.TryGetValue(type.GetGenericTypeDefinition(), out var generic)
            ? new TypePlan(generic.MakeGenericType(type.GetGenericArguments()), [.. type.GetGenericArguments().Select(part => (PartLabel(type), part))], null)
            : null;
    }

    private static TypePlan? OfMarked(Type type)
    {
        if (type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICarried<>) && i.GetGenericArguments()[0] == type))
        {
            return Plain(typeof(CarriedFormatter<>).MakeGenericType(type));
        }

        var cases = MemoryPackAttributes.CasesOf(type);
        return cases.IsEmpty
            ? null
            : new TypePlan(
                typeof(UnionFormatter<>).MakeGenericType(type), [.. cases.Select(part => ($" ({TypeNames.Short(part)})", part))], null);
    }

    private static TypePlan OfFields(Type type)
    {
        if (Closures.Is(type))
        {
            return new TypePlan(typeof(ClosureFormatter<>).MakeGenericType(type), PartsOf(Closures.FieldsOf(type)), null);
        }

        var fields = ReflectedFields.Of(type);
        return fields.Any(field => field.IsDefined(typeof(FixedBufferAttribute))) || type.IsDefined(typeof(InlineArrayAttribute))
            ? new TypePlan(null, [], "pass an array")
            : new TypePlan(typeof(ReflectedFormatter<>).MakeGenericType(type), PartsOf(fields), null);
    }

    /// <summary>The parts that are fields.</summary>
    internal static ImmutableArray<(string Label, Type Type)> PartsOf(IEnumerable<FieldInfo> fields) =>
        [.. fields.Select(field => ("." + TypeNames.OfField(field.Name), field.FieldType))];

    private static TypePlan Plain(Type formatter) => new(formatter, [], null);

    private static string PartLabel(Type type) => type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? "[]" : "";
}
