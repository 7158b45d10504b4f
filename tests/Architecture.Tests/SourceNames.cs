using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests;

/// <summary>The names that a source file declares.</summary>
internal static partial class SourceNames
{
    private static readonly string[] OfInterfaces = ["Dispose", "DisposeAsync", "GetEnumerator", "GetAwaiter"];

    /// <summary>The methods whose names are free: not public in a type that users see, not overrides, not of a .NET interface.</summary>
    public static IEnumerable<string> InternalMethodsOf(string text)
    {
        var code = Unquoted(text);
        var isPublic = PublicType().IsMatch(code) && !InnerNamespace().IsMatch(code);
        return Method().Matches(code)
            .Where(method => !method.Groups["modifiers"].Value.Contains("override", StringComparison.Ordinal))
            .Where(method => !isPublic || !method.Groups["modifiers"].Value.Contains("public", StringComparison.Ordinal))
            .Select(method => method.Groups["name"].Value)
            .Where(name => !OfInterfaces.Contains(name));
    }

    /// <summary>Whether a name is one word; the suffix Async is not a word.</summary>
    public static bool IsOneWord(string name) =>
        Word().Count(name.EndsWith("Async", StringComparison.Ordinal) ? name[..^"Async".Length] : name) == 1;

    /// <summary>The types that a file declares. Parts of a type are in files that have the same name up to the first dot.</summary>
    public static IEnumerable<(string Name, string DeclaredIn)> TypesOf(string path, string text)
    {
        var code = Unquoted(text);
        var declaredIn = $"{Namespace().Match(code).Groups["name"].Value}.{Path.GetFileName(path).Split('.')[0]}";
        return Type().Matches(code).Select(type => (type.Groups["name"].Value, declaredIn));
    }

    /// <summary>The text without its comments and string literals.</summary>
    public static string Unquoted(string text) => Quoted().Replace(text, "");

    [GeneratedRegex("""//.*|"(?:[^"\\\n]|\\.)*"?""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^public .*(class|struct|record|interface)\s", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    /// <summary>The namespaces of assemblies whose types are public for the other assemblies of this repository.</summary>
    [GeneratedRegex(@"^namespace Actors\.(Messages|Remoting|Coordinator|WorkerNode|Programs)\b", RegexOptions.Multiline)]
    private static partial Regex InnerNamespace();

    [GeneratedRegex(
        @"^ *(?:\[[^\]]*\]\s*)?(?<modifiers>(?:(?:public|private|protected|internal|static|async|override|virtual|abstract|sealed|partial"
        + "|extern"
        + @"|unsafe|readonly|new) +)+)(?!class|struct|record|interface|enum|delegate|event|const|implicit|explicit|operator)"
        + @"[\w<>\[\],.?() ]+? +(?<name>\w+)(?:<[\w, ]+>)?\(",
        RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex(
        @"^ *(?:(?:public|private|protected|internal|static|sealed|abstract|partial|readonly|unsafe|file|ref) +)*"
        + @"(?:class|struct|record struct|record|interface|enum) +(?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex("[A-Z][a-z0-9]*|^[a-z0-9]+")]
    private static partial Regex Word();
}
