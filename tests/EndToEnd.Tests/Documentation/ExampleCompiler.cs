using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.EndToEnd.Tests.Documentation;

/// <summary>Compiles C# blocks into one program, each in a separate namespace.</summary>
internal sealed class ExampleCompiler(IEnumerable<string> assemblies)
{
    /// <summary>Errors for unknown names and types, which the surrounding program of a fragment defines.</summary>
    private static readonly string[] ErrorsOfFragments = ["CS0103", "CS0246"];

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest);

    /// <summary>The global usings of a new console project, and the namespace of the library.</summary>
    private static readonly SyntaxTree Usings = CSharpSyntaxTree.ParseText(string.Concat(
        ((string[])["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
            "System.Threading.Tasks", "Actors"])
        .Select(name => $"global using {name};")), Options);

    private readonly MetadataReference[] _references = [.. assemblies.Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>Compiles the blocks to a program that runs the blocks named on its command line, by default all.</summary>
    /// <param name="name">The name of the assembly.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="path">The path of the assembly to write.</param>
    /// <returns>The errors; empty when the program was written.</returns>
    public IReadOnlyList<string> Compile(string name, IReadOnlyList<CodeBlock> blocks, string path)
    {
        var main = CSharpSyntaxTree.ParseText(
            ExampleRunner.Source(blocks.Select((block, index) => (block.Name, $"Block{index}.Example.RunAsync"))), Options);
        var compilation = Compilation(name, OutputKind.ConsoleApplication, [main, .. blocks.Select(Tree)]);
        using var file = File.Create(path);
        return Errors(compilation.Emit(file).Diagnostics);
    }

    /// <summary>Checks the syntax of a fragment and its uses of the library.</summary>
    public IReadOnlyList<string> Check(CodeBlock fragment) => Errors(
        Compilation("Fragment", OutputKind.DynamicallyLinkedLibrary, [Tree(fragment, 0)]).GetDiagnostics().Where(
            error => !ErrorsOfFragments.Contains(error.Id)));

    private static IReadOnlyList<string> Errors(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(error => error.Severity == DiagnosticSeverity.Error).Select(error => $"{error}")];

    /// <summary>Wraps the statements of a block in a method, and places its types next to that method.</summary>
    private static SyntaxTree Tree(CodeBlock block, int index)
    {
        var root = CSharpSyntaxTree.ParseText(block.Code, Options).GetCompilationUnitRoot();
        var statements = string.Concat(root.Members.OfType<GlobalStatementSyntax>().Select(Placed));
        var types = string.Concat(root.Members.Where(member => member is not GlobalStatementSyntax).Select(Placed));
        var source = $$"""
            #pragma warning disable
            namespace Block{{index}}
            {
            {{string.Concat(root.Usings.Select(Placed))}}
            internal static class Example
            {
            public static async System.Threading.Tasks.Task RunAsync()
            {
            {{statements}}
            }
            }
            {{types}}
            }
            """;
        return CSharpSyntaxTree.ParseText(source, Options, block.File);

        string Placed(SyntaxNode node) =>
            $"\n#line {block.Line + node.GetLocation().GetLineSpan().StartLinePosition.Line} \"{block.File}\"\n{node}\n#line default\n";
    }

    private CSharpCompilation Compilation(string name, OutputKind kind, IEnumerable<SyntaxTree> trees) => CSharpCompilation.Create(
        name, [Usings, .. trees], _references, new CSharpCompilationOptions(
            kind, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
}
