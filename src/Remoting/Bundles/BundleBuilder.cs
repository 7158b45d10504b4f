using System.Security.Cryptography;
using Actors.Messages;
using Actors.Messages.Bundles;

namespace Actors.Remoting.Bundles;

/// <summary>
/// Builds the code bundle of the running program: its dependency file, its runtime configuration, all assemblies and native libraries that
/// do not belong to the framework, and further files.
/// </summary>
public sealed class BundleBuilder
{
    private readonly Dictionary<BundleId, ContentSource> _sources = [];

    private BundleBuilder(BundleManifest manifest) => Manifest = manifest;

    public BundleManifest Manifest { get; private set; }

    /// <summary>Gets the file of a content of the manifest.</summary>
    public string PathOf(BundleId content) => _sources[content].Path;

    /// <summary>Opens a content of the manifest for reading.</summary>
    public Stream OpenContent(BundleId content) => _sources[content].OpenSource();

    /// <param name="files">Further files, in the directory of the program; see <see cref="BundledFiles"/>.</param>
    /// <exception cref="BundleException">The program's files cannot be found.</exception>
    public static BundleBuilder BuildForThisProcess(IEnumerable<string> files)
    {
        var own = OwnCode.FindFiles();
        var builder = new BundleBuilder(new BundleManifest([], Path.GetFileName(own.DepsFile), Path.GetFileName(own.RuntimeConfigFile)));
        var selfContained = PublishedForm.IsSelfContained ? SelfContainedProgram.ReadProgram(own) : null;
        ContentSource SourceOf(string file) => new(
            file, file == own.DepsFile ? selfContained?.DepsFile : file == own.RuntimeConfigFile ? selfContained?.RuntimeConfigFile : null);
        var contents = FindFiles(own, selfContained, files).Select(file => builder.AddFile(file.Path, SourceOf(file.Source)))
            .OrderBy(file => file.Path, StringComparer.Ordinal);
        builder.Manifest = builder.Manifest with { Files = [.. contents] };
        return builder.Manifest.FindProblem() is { } refusal ? throw new BundleException(refusal) : builder;
    }

    private static IEnumerable<(string Path, string Source)> FindFiles(
        CodePaths own, SelfContainedProgram? selfContained, IEnumerable<string> files)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string[] needed = [own.DepsFile, own.RuntimeConfigFile, own.ExecutorAssembly];
        var assemblies = FindAssemblies(selfContained).ToList();
        var general = FindGeneralForms(AppContext.BaseDirectory, assemblies);
        foreach (var source in assemblies.Concat(general).Concat(FindNativeLibraries(selfContained)).Concat(needed).Concat(files))
            found.TryAdd(GetBundlePath(source), source);
        return found.Select(file => (file.Key, file.Value));
    }

    private static IEnumerable<string> FindAssemblies(SelfContainedProgram? selfContained)
    {
        var framework = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../.."));
        var trusted = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator).Where(File.Exists);
        return selfContained is null
            ? trusted.Where(file => !file.StartsWith(framework, StringComparison.Ordinal))
            : trusted.Where(file => !selfContained.IsOfRuntime(file));
    }

    /// <summary>
    /// Finds the general forms of assemblies that this platform has a form of its own for, below <c>runtimes/</c>. A node of another
    /// platform loads them.
    /// </summary>
    public static IEnumerable<string> FindGeneralForms(string directory, IEnumerable<string> assemblies)
    {
        var platforms = Path.Combine(directory, "runtimes") + Path.DirectorySeparatorChar;
        return assemblies.Where(file => file.StartsWith(platforms, StringComparison.Ordinal))
            .Select(file => Path.Combine(directory, Path.GetFileName(file))).Where(File.Exists);
    }

    /// <summary>
    /// Finds native libraries. Those of several platforms are below <c>runtimes/</c>; a program for one runtime identifier has its own
    /// beside it.
    /// </summary>
    private static IEnumerable<string> FindNativeLibraries(SelfContainedProgram? selfContained)
    {
        var runtimes = new DirectoryInfo(Path.Combine(AppContext.BaseDirectory, "runtimes"));
        var below = runtimes.Exists ? runtimes.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.FullName) : [];
        var beside = Directory.EnumerateFiles(AppContext.BaseDirectory).Where(file => Path.GetExtension(file) is ".so" or ".dylib");
        return below.Concat(beside.Where(file => selfContained?.IsOfRuntime(file) != true));
    }

    /// <summary>
    /// Gets the path of a file in the bundle. Files of the program's directory keep their relative path; other files are placed at the top.
    /// </summary>
    private static string GetBundlePath(string source)
    {
        var relative = Path.GetRelativePath(AppContext.BaseDirectory, source).Replace('\\', '/');
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? Path.GetFileName(source) : relative;
    }

    private BundleFile AddFile(string path, ContentSource source)
    {
        using var stream = source.OpenSource();
        var content = BundleId.FromHash(SHA256.HashData(stream));
        _sources[content] = source;
        return new BundleFile(path, content, stream.Length);
    }

    /// <summary>The source of a content.</summary>
    /// <param name="Path">The file of the running program.</param>
    /// <param name="Bytes">The bytes that replace the file; null for the file itself.</param>
    private sealed record ContentSource(string Path, byte[]? Bytes)
    {
        public Stream OpenSource() => Bytes is null ? File.OpenRead(Path) : new MemoryStream(Bytes, writable: false);
    }
}
