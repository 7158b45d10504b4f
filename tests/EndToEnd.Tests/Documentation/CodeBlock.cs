using System.Text.RegularExpressions;

namespace Actors.EndToEnd.Tests.Documentation;

/// <summary>A block of C# in a Markdown file.</summary>
/// <param name="File">The file, relative to the repository's root.</param>
/// <param name="Line">The number of the block's first line of code, from 1.</param>
/// <param name="Code">The code.</param>
/// <param name="IsFragment">Whether the block is marked as a fragment (<c>```csharp fragment</c>), which does not run alone.</param>
internal sealed partial record CodeBlock(string File, int Line, string Code, bool IsFragment)
{
    /// <summary>Names the block in messages.</summary>
    public string Name => $"{File}:{Line}";

    /// <summary>Finds the blocks of a Markdown text.</summary>
    public static IEnumerable<CodeBlock> Find(string file, string markdown)
    {
        foreach (Match block in Fence().Matches(markdown))
        {
            var code = block.Groups["code"];
            var indent = block.Groups["indent"].Length;
            var lines = code.Value.Split('\n').Select(line => line[Math.Min(indent, line.Length - line.TrimStart(' ').Length)..]);
            yield return new CodeBlock(
                file, markdown[..code.Index].Count(sign => sign == '\n') + 1, string.Join('\n', lines),
                block.Groups["mark"].Value == "fragment");
        }
    }

    /// <summary>
    /// Finds the blocks of the README, of the packages' READMEs, and of all files below <c>docs/</c> whose names do not begin with an
    /// underscore.
    /// </summary>
    public static IReadOnlyList<CodeBlock> OfRepository(string root) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
            .Where(path => !Path.GetFileName(path).StartsWith('_')).Order(StringComparer.Ordinal).Prepend(Path.Combine(root, "README.md"))
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "src"), "README.md", SearchOption.AllDirectories))
            .SelectMany(path => Find(Path.GetRelativePath(root, path), System.IO.File.ReadAllText(path).ReplaceLineEndings("\n"))),
    ];

    [GeneratedRegex(
        @"^(?<indent> *)```(csharp|cs|c#)(?: +(?<mark>\S+))? *\n(?<code>(?:.*\n)*?)\k<indent>``` *$",
        RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Fence();
}
