using Actors.Messages.Bundles;

namespace Actors.Remoting.Bundles;

/// <summary>
/// The form in which the running program was published: workers load its assemblies, and cannot where these are not separate, complete
/// files.
/// </summary>
internal static class PublishedForm
{
    private const string TrustedAssembliesKey = "TRUSTED_PLATFORM_ASSEMBLIES";

    /// <summary>Whether the program brings its own runtime, so that no installed <c>dotnet</c> is needed, or may be there.</summary>
    public static bool IsSelfContained { get; } = IsOwnDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));

    private static bool IsSingleFile => typeof(PublishedForm).Assembly.Location.Length == 0;

    /// <summary>Refuses forms that no worker can run. Call it before anything else is started.</summary>
    /// <exception cref="BundleException">The program is native, trimmed or a single file.</exception>
    public static void RequireSupported()
    {
        RequireReflection();
        if (IsSingleFile)
            throw CreateException("program published as a single file", "PublishSingleFile");
    }

    /// <summary>Refuses forms that lack the types which this library finds by reflection.</summary>
    /// <exception cref="BundleException">The program is native or trimmed.</exception>
    public static void RequireReflection()
    {
        if (AppContext.GetData(TrustedAssembliesKey) is null)
            throw CreateException("program published as native code", "PublishAot");
        if (IsTrimmed())
            throw CreateException("trimmed program", "PublishTrimmed");
    }

    /// <summary>No code refers to the executor's assembly, so trimming removes it.</summary>
    private static bool IsTrimmed() => !IsSingleFile
        && !TrustedAssemblies().Any(file => Path.GetFileName(file) == BundleManifest.ExecutorAssembly)
        && !File.Exists(Path.Combine(AppContext.BaseDirectory, BundleManifest.ExecutorAssembly));

    private static string[] TrustedAssemblies() => (AppContext.GetData(TrustedAssembliesKey) as string ?? "").Split(Path.PathSeparator);

    private static BundleException CreateException(string form, string property) => new(
        $"A {form} cannot start workers, because these load the program's assemblies from separate, complete files: "
        + $"set {property} to false in the project, and publish it again.");

    private static bool IsOwnDirectory(string? directory) =>
        !string.IsNullOrEmpty(directory) && Path.GetFullPath(directory) == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
}
