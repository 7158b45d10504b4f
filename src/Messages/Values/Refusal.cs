using System.Collections.Immutable;

namespace Actors.Messages.Values;

/// <summary>Explains why a type cannot be carried.</summary>
/// <param name="Path">
/// The path from the checked type to the refused one. Each step has the label of the member in the type before it.
/// </param>
/// <param name="Advice">The advice: the alternative to the refused type.</param>
public sealed record Refusal(ImmutableArray<(string Label, Type Type)> Path, string Advice)
{
    private const string This = ".this";

    /// <summary>Formats the refusal as an error message.</summary>
    public override string ToString() => TypeRules.FormatRefusal(
        Path.Length == 1 ? null : string.Concat(Path.Select(step => step.Label)), TypeNames.GetFullName(Path[^1].Type), Advice);

    /// <summary>
    /// Describes the refused member or base class of the object that a function belongs to, and the remedies; null when another object is
    /// refused.
    /// </summary>
    /// <param name="function">The name of the function.</param>
    public string? DescribeHolder(string function)
    {
        var at = Closures.IsClosure(Path[0].Type) ? Path.Select(step => step.Label).ToList().IndexOf(This) : 0;
        if (at < 0)
            return null;
        var name = function[(function.LastIndexOf('.') + 1)..];
        var remedy = name == "lambda" ? "Copy the needed values into local variables" : $"Make {name} static";
        return at < Path.Length - 1 ? DescribeMember(at, remedy)
            : name == "lambda" ? $"{DescribeObject()}. {remedy}."
            : $"{DescribeObject()}. {remedy}, or move it to another class.";
    }

    /// <summary>Describes why an object itself cannot travel.</summary>
    private string DescribeObject()
    {
        var holder = Path[^1].Type;
        var foreign = holder.BaseType;
        while (foreign is not null && !FrameworkAssemblies.IsFrameworkType(foreign))
            foreign = foreign.BaseType;
        return foreign is null || foreign == typeof(object) || foreign == typeof(ValueType)
            ? $"{TypeNames.GetShortName(holder)} cannot travel: {Advice}"
            : $"{TypeNames.GetShortName(holder)} derives from {TypeNames.GetShortName(foreign)}, which cannot travel";
    }

    private string DescribeMember(int at, string remedy)
    {
        var holder = Path[at].Type;
        // The author of the holder does not know the fields of another library's class.
        var end = at + 1;
        while (end < Path.Length - 1 && (Path[end].Type.Assembly == holder.Assembly || FrameworkAssemblies.IsFrameworkType(Path[end].Type)))
            end++;
        var held = TypeNames.GetShortName(Path[end].Type);
        var article = "AEIOU".Contains(held[0], StringComparison.Ordinal) || held.StartsWith("Http", StringComparison.Ordinal) ? "an" : "a";
        var field = string.Concat(Path[(at + 1)..(end + 1)].Select(step => step.Label)).TrimStart('.');
        var advice = end == Path.Length - 1 ? Advice : TypeAdvice.FindAdvice(new ReflectedType(Path[end].Type)) ?? Advice;
        return $"{TypeNames.GetShortName(holder)} holds {article} {held}, which cannot travel. {remedy}, or mark the field "
            + "[NonSerialized]. "
            + $"(The field is {field}; {advice}.)";
    }
}
