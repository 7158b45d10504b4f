using System.Reflection;

namespace Actors.Architecture.Tests;

/// <summary>
/// The folders of a project form layers. A folder at the top of a project is one unit with the folders below it. The files beside the
/// project file belong to no folder: they combine the folders, and hold the few types that all of them use.
/// </summary>
public class FolderCycleTests
{
    /// <summary>Dependencies that close cycles and remain for a reason. Only remove entries.</summary>
    private static readonly (string Project, string From, string To, string Reason)[] Known =
    [
        ("src/Messages", "Values", "Jobs", "The table of value formatters has those of IProgress<T>, which report to the running job."),
        ("src/Messages", "Jobs", "Executors", "The context of a job keeps its details in the form in which the worker reads them."),
    ];

    private static readonly (string Path, string Text)[] ProjectFiles = [.. Repository.Files("src", ".csproj")];

    private static readonly ILookup<string, (string Path, string Text)> Sources = ReadSources();

    public static TheoryData<string> Projects => [.. Sources.Where(HasFolders).Select(project => project.Key)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_HaveNoCycles(string project)
    {
        var known = Known.Where(cycle => cycle.Project == project).Select(cycle => (cycle.From, cycle.To));

        var cycles = ReadGraph(project).FindCycles([.. known]);

        Assert.True(cycles.Count == 0, string.Join('\n', cycles));
    }

    [Fact]
    public void KnownCycles_StillExist() => Assert.All(
        Known,
        known => Assert.Contains(
            ReadGraph(known.Project).FindCycles(), dependency => (dependency.From, dependency.To) == (known.From, known.To)));

    [Fact]
    public void FindCycles_CycleOfThreeFolders_ReturnsItsDependenciesOnly()
    {
        var graph = CreateGraph("ab", "bc", "ca", "ad", "de", "aa");

        Assert.Equal(["ab", "bc", "ca"], graph.FindCycles().Select(dependency => dependency.From + dependency.To).Order());
    }

    [Fact]
    public void FindCycles_IgnoredDependency_BreaksItsCycleOnly()
    {
        var graph = CreateGraph("ab", "ba", "bc", "cb");

        Assert.Equal(["bc", "cb"], graph.FindCycles(("b", "a")).Select(dependency => dependency.From + dependency.To).Order());
    }

    [Fact]
    public void TypeUses_OfEachKind_AreFound()
    {
        var uses = TypeUses.Of(typeof(Sample<>)).ToHashSet();

        Assert.Subset(
            uses,
            new HashSet<Type>
            {
                typeof(Comparer<>), typeof(IFormattable), typeof(Exception), typeof(Lazy<>), typeof(Version), typeof(Uri),
                typeof(OperatingSystem),
            });
        Assert.DoesNotContain(typeof(TimeZoneInfo), uses);
    }

    private static FolderGraph CreateGraph(params string[] dependencies) =>
        new(dependencies.Select(pair => new FolderGraph.Dependency(pair[..1], pair[1..], "")));

    private static FolderGraph ReadGraph(string project)
    {
        var assembly = LayerTests.AssemblyOf(ProjectFiles.Single(file => DirectoryOf(file.Path) == project));
        var types = from file in Sources[project]
                    let folder = FolderOf(project, file.Path)
                    where folder is not null
                    from type in SourceNames.TypesOf(file.Path, file.Text)
                    select (type.Name, Folder: folder);
        var folders = types.ToLookup(type => type.Name, type => type.Folder);
        return new FolderGraph(
            from type in Assembly.Load(assembly).GetTypes()
            let user = NameOf(type)
            from folder in folders[user].Distinct()
            from used in TypeUses.Of(type).Where(used => used.Assembly == type.Assembly).Select(NameOf).Distinct()
            where !folders[used].Contains(folder)
            from other in folders[used].Distinct()
            select new FolderGraph.Dependency(folder, other, $"{user} uses {used}"));
    }

    private static ILookup<string, (string Path, string Text)> ReadSources()
    {
        var projects = ProjectFiles.Select(file => DirectoryOf(file.Path)).OrderByDescending(path => path.Length).ToList();
        return Repository.Files("src", ".cs").ToLookup(
            file => projects.First(project => file.Path.StartsWith(project + "/", StringComparison.Ordinal)));
    }

    private static bool HasFolders(IGrouping<string, (string Path, string Text)> sources) =>
        sources.Select(file => FolderOf(sources.Key, file.Path)).OfType<string>().Distinct().Count() > 1;

    /// <summary>The folder at the top of a project; null for a file beside the project file.</summary>
    private static string? FolderOf(string project, string path) =>
        path[(project.Length + 1)..].Split('/') is [var folder, _, ..] ? folder : null;

    private static string DirectoryOf(string path) => path[..path.LastIndexOf('/')];

    /// <summary>The name of the outermost type, as in its source file.</summary>
    private static string NameOf(Type type) => type.DeclaringType is { } outer ? NameOf(outer) : type.Name.Split('`')[0];

    private abstract class Sample<T> : Comparer<T>, IFormattable
        where T : Exception
    {
        protected Lazy<Version>? Property { get; set; }

        public string ToString(string? format, IFormatProvider? provider) => OperatingSystem.IsLinux() ? "" : $"{Property}";

        protected abstract Uri[] CreateUris();
    }
}
