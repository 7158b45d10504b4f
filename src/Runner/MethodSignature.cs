using System.Reflection;
using Actors.Messages.Values;

namespace Actors.Runner;

/// <summary>A method as a command line names it: <c>Square</c>, <c>Numbers.Square</c> or <c>Numbers.Square(int)</c>.</summary>
/// <param name="Name">The name, with or without type and namespace.</param>
/// <param name="Parameters">The types of the parameters, with or without their names; null for any.</param>
internal sealed record MethodSignature(string Name, IReadOnlyList<string>? Parameters)
{
    /// <summary>Parses the text of a command line.</summary>
    /// <exception cref="InvalidCallException">The list of parameters has no end.</exception>
    public static MethodSignature ParseText(string text)
    {
        var begin = text.IndexOf('(', StringComparison.Ordinal);
        if (begin < 0)
            return new MethodSignature(NormalizeName(text), null);
        return text.EndsWith(')')
            ? new MethodSignature(NormalizeName(text[..begin]), SplitParameters(text[(begin + 1)..^1]))
            : throw new InvalidCallException($"The parameter types in {text} have no end. Write them as in: 'Type.Method(int, string)'.");
    }

    /// <summary>Selects the methods with this name. A full name takes precedence over the end of one.</summary>
    public IReadOnlyList<MethodInfo> SelectNamed(IReadOnlyList<MethodInfo> methods)
    {
        var exact = methods.Where(method => MethodText.GetFullName(method) == Name).ToList();
        return exact.Count > 0
            ? exact
            : [.. methods.Where(method => MethodText.GetFullName(method).EndsWith($".{Name}", StringComparison.Ordinal))];
    }

    /// <summary>Whether a method has these parameters. Those that the job supplies may be omitted.</summary>
    public bool HasParameters(MethodInfo method) =>
        Parameters is null || MatchParameters(method.GetParameters())
        || MatchParameters([.. method.GetParameters().Where(parameter => !ArgumentTexts.IsSupplied(parameter))]);

    private bool MatchParameters(ParameterInfo[] parameters) =>
        parameters.Length == Parameters!.Count && parameters.Zip(Parameters, MatchParameter).All(matches => matches);

    private static bool MatchParameter(ParameterInfo parameter, string text)
    {
        var type = parameter.ParameterType;
        string[] names = [MethodText.DescribeType(type), TypeNames.GetFullName(type), type.Name];
        return names.Any(name => RemoveSpaces(name) is var known
            && (RemoveSpaces(text) == known || RemoveSpaces(text) == $"{known}{parameter.Name}"));
    }

    /// <summary>Splits at the commas that are not within the brackets of a generic type or an array.</summary>
    private static List<string> SplitParameters(string text)
    {
        var (parts, begin, depth) = (new List<string>(), 0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '<' or '[' => 1, '>' or ']' => -1, _ => 0 };
            if (text[i] != ',' || depth > 0)
                continue;
            parts.Add(text[begin..i]);
            begin = i + 1;
        }

        if (text.Trim().Length > 0)
            parts.Add(text[begin..]);
        return parts;
    }

    /// <summary>Separates nested types by points, as in source code.</summary>
    private static string NormalizeName(string name) => name.Trim().Replace('+', '.');

    private static string RemoveSpaces(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
}
