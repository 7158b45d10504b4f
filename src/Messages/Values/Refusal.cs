using System.Collections.Immutable;

namespace Actors.Messages.Values;

/// <summary>Why a type cannot be carried.</summary>
/// <param name="Path">From the type that was asked about to the one that is in the way, each with what it is called in the one before.</param>
/// <param name="Advice">What to do instead.</param>
internal sealed record Refusal(ImmutableArray<(string Label, Type Type)> Path, string Advice)
{
    private const string This = ".this";

    /// <summary>For a person.</summary>
    public override string ToString() => Path.Length == 1
        ? $"{TypeNames.GetFullName(Path[^1].Type)} cannot be carried to another process; {Advice}."
        : $"{string.Concat(Path.Select(step => step.Label))}: {TypeNames.GetFullName(Path[^1].Type)} cannot be carried to another process; "
            + $"{Advice}.";

    /// <summary>What a function's own object holds that cannot be carried, and the ways out; null where that is not what is in the way.</summary>
    /// <param name="function">The name of the function.</param>
    internal string? DescribeHolder(string function)
    {
        var at = Closures.IsClosure(Path[0].Type) ? Path.Select(step => step.Label).ToList().IndexOf(This) : 0;
        if (at < 0 || at == Path.Length - 1)
            return null;
        var holder = Path[at].Type;
        // Fields of another library's class mean nothing to the author of the holder.
        var end = at + 1;
        while (end < Path.Length - 1 && (Path[end].Type.Assembly == holder.Assembly || FrameworkAssemblies.IsFrameworkType(Path[end].Type)))
            end++;
        var held = TypeNames.GetShortName(Path[end].Type);
        var article = "AEIOU".Contains(held[0], StringComparison.Ordinal) || held.StartsWith("Http", StringComparison.Ordinal) ? "an" : "a";
        var name = function[(function.LastIndexOf('.') + 1)..];
        var remedy = name == "lambda" ? "Copy what the lambda needs into local variables" : $"Make {name} static";
        var field = string.Concat(Path[(at + 1)..(end + 1)].Select(step => step.Label)).TrimStart('.');
        var advice = end == Path.Length - 1 ? Advice : Values.TypeAdvice.FindAdvice(Path[end].Type) ?? Advice;
        return $"{TypeNames.GetShortName(holder)} holds {article} {held}, which cannot travel. {remedy}, or mark the field "
            + "[NonSerialized]. "
            + $"(The field is {field}; {advice}.)";
    }
}
