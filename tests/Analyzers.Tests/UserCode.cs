using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Actors.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Actors.Analyzers.Tests;

/// <summary>A user's program, compiled against the library and analyzed by all rules.</summary>
internal sealed partial class UserCode
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest);

    private static readonly SyntaxTree Usings = CSharpSyntaxTree.ParseText(string.Concat(
        ((string[])["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
            "System.Threading.Tasks", "Actors"])
        .Select(name => $"global using {name};")), Options);

    private static readonly MetadataReference[] References =
    [
        .. (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Actors.Analyzers", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        .. typeof(LibraryAnalyzer).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private static readonly CodeFixProvider[] Fixes =
    [
        .. typeof(LibraryCodeFix).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract)
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!),
    ];

    /// <summary>The references are resolved once, for all programs.</summary>
    private static readonly CSharpCompilation Frame = CSharpCompilation.Create(
        "User", [Usings], References,
        new CSharpCompilationOptions(
            OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));

    private readonly CSharpCompilation _compilation;

    private UserCode(IEnumerable<string> sources) =>
        _compilation = Frame.AddSyntaxTrees(sources.Select(source => CSharpSyntaxTree.ParseText(source, Options)));

    /// <summary>Gets an empty program.</summary>
    public static Compilation Empty => Frame;

    /// <summary>Gets the root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Gets all rules.</summary>
    public static IEnumerable<DiagnosticDescriptor> Rules => Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics);

    /// <summary>
    /// Analyzes a program with top-level statements. Checks that each warning is at a place that the source marks as <c>[|place|]</c>, and
    /// each such place has one.
    /// </summary>
    /// <returns>The only warning; null when nothing is marked.</returns>
    public static async Task<Diagnostic?> CheckAsync(string marked)
    {
        var source = marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);
        var found = await new UserCode([source]).CompileAsync();

        Assert.Equal(FindMarks(marked), found.Select(one => source[one.Location.SourceSpan.Start..one.Location.SourceSpan.End]));
        Assert.Equal(FindStarts(marked), found.Select(one => one.Location.SourceSpan.Start));
        return found.SingleOrDefault();
    }

    /// <summary>Analyzes a program that may have errors.</summary>
    public static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(IEnumerable<string> sources) =>
        new UserCode(sources).AnalyzeAsync();

    /// <summary>Applies the code fix for the only warning of a program with top-level statements.</summary>
    /// <returns>The changed source, which compiles without a warning of the rule; null when there is no fix.</returns>
    public static async Task<string?> FixAsync(string source)
    {
        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject("User", LanguageNames.CSharp).WithParseOptions(Options).WithCompilationOptions(Frame.Options)
            .WithMetadataReferences(References).AddDocument("Usings.cs", Usings.GetText()).Project;
        var document = project.AddDocument("Program.cs", source);
        var warning = Assert.Single(await AnalyzeAsync([source]));
        var tree = await document.GetSyntaxTreeAsync();
        var fixes = new List<CodeAction>();
        var placed = Diagnostic.Create(
            warning.Descriptor, Location.Create(tree!, warning.Location.SourceSpan), warning.Properties);
        foreach (var fix in Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(warning.Id)))
            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, placed, (action, _) => fixes.Add(action), default));
        if (fixes.Count == 0)
            return null;

        var changes = (ApplyChangesOperation)Assert.Single(await Assert.Single(fixes).GetOperationsAsync(default));
        var text = (await changes.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString();
        Assert.DoesNotContain(await new UserCode([text]).CompileAsync(), found => found.Id == warning.Id);
        return text;
    }

    /// <summary>Compiles the program without errors, and returns the warnings of the analyzers.</summary>
    private async Task<ImmutableArray<Diagnostic>> CompileAsync()
    {
        var all = await _compilation.WithAnalyzers(Analyzers).GetAllDiagnosticsAsync();
        Assert.Empty(all.Where(error => error.Severity == DiagnosticSeverity.Error));
        return Sort(all.Where(found => !found.Id.StartsWith("CS", StringComparison.Ordinal)));
    }

    private async Task<ImmutableArray<Diagnostic>> AnalyzeAsync() =>
        Sort(await _compilation.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync());

    private static ImmutableArray<Diagnostic> Sort(IEnumerable<Diagnostic> found) =>
        [.. found.OrderBy(one => one.Location.SourceSpan.Start)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }

    private static IEnumerable<string> FindMarks(string marked) => Mark().Matches(marked).Select(mark => mark.Groups[1].Value);

    private static IEnumerable<int> FindStarts(string marked) => Mark().Matches(marked).Select((mark, index) => mark.Index - (4 * index));

    [GeneratedRegex(@"\[\|(.*?)\|\]", RegexOptions.Singleline)]
    private static partial Regex Mark();
}
