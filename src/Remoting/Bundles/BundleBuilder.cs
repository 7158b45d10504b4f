using System.Security.Cryptography;
using Actors.Messages;
using Actors.Messages.Bundles;

namespace Actors.Remoting.Bundles;

/// <summary>Makes the bundle of the running program: its dependency file, its runtime configuration, and every assembly and native library that is not the framework's.</summary>
internal sealed class BundleBuilder
{
    private readonly Dictionary<BundleId, string> _paths = [];

    private BundleBuilder(BundleManifest manifest) => Manifest = manifest;

    public BundleManifest Manifest { get; private set; }

    /// <summary>Where a content of the manifest lies.</summary>
    public string PathOf(BundleId content) => _paths[content];

    /// <exception cref="BundleException">The program's files cannot be found.</exception>
    public static BundleBuilder OfThisProcess()
    {
        var own = OwnCode.Find();
        var builder = new BundleBuilder(new BundleManifest([], Path.GetFileName(own.DepsFile), Path.GetFileName(own.RuntimeConfigFile)));
        var files = Files(own).Select(builder.Add).OrderBy(file => file.Path, StringComparer.Ordinal);
        builder.Manifest = builder.Manifest with { Files = [.. files] };
        return builder.Manifest.Refusal() is { } refusal ? throw new BundleException(refusal) : builder;
    }

    private static IEnumerable<(string Path, string Source)> Files(CodePaths own)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var source in Assemblies().Concat(NativeLibraries()).Concat([own.DepsFile, own.RuntimeConfigFile, own.ExecutorAssembly]))
            found.TryAdd(PlaceOf(source), source);
        return found.Select(file => (file.Key, file.Value));
    }

    private static IEnumerable<string> Assemblies()
    {
        var framework = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../.."));
        var trusted = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator);
        return trusted.Where(file => file.Length > 0 && !file.StartsWith(framework, StringComparison.Ordinal) && File.Exists(file));
    }

    private static IEnumerable<string> NativeLibraries()
    {
        var runtimes = new DirectoryInfo(Path.Combine(AppContext.BaseDirectory, "runtimes"));
        return runtimes.Exists ? runtimes.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.FullName) : [];
    }

    /// <summary>A file of the program's directory keeps its place there; one from elsewhere goes to the top.</summary>
    private static string PlaceOf(string source)
    {
        var relative = Path.GetRelativePath(AppContext.BaseDirectory, source).Replace('\\', '/');
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? Path.GetFileName(source) : relative;
    }

    private BundleFile Add((string Path, string Source) file)
    {
        using var stream = File.OpenRead(file.Source);
        var content = BundleId.FromHash(SHA256.HashData(stream));
        _paths[content] = file.Source;
        return new BundleFile(file.Path, content, stream.Length);
    }
}
