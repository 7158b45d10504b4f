using Actors.Messages.Bundles;

namespace Actors.Remoting.Bundles;

/// <summary>Checks how the running program was published. Workers load its assemblies, so they need separate, complete files.</summary>
public static class PublishedForm
{
    private const string TrustedAssembliesKey = "TRUSTED_PLATFORM_ASSEMBLIES";

    /// <summary>Whether the program includes its own runtime, so that it does not need an installed <c>dotnet</c>.</summary>
    public static bool IsSelfContained { get; } = IsOwnDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));

    private static bool IsSingleFile => typeof(PublishedForm).Assembly.Location.Length == 0;

    /// <summary>Refuses forms that workers cannot run. Call it before anything else is started.</summary>
    /// <exception cref="BundleException">The program is native, trimmed or a single file.</exception>
    public static void RequireSupported()
    {
        RequireReflection();
        if (IsSingleFile)
            throw CreateException("program published as a single file", "PublishSingleFile");
    }

    /// <summary>Refuses forms without the types that this library finds by reflection.</summary>
    /// <exception cref="BundleException">The program is native or trimmed.</exception>
    public static void RequireReflection()
    {
        if (AppContext.GetData(TrustedAssembliesKey) is null)
            throw CreateException("program published as native code", "PublishAot");
        if (IsTrimmed())
            throw CreateException("trimmed program", "PublishTrimmed");
    }

    /// <summary>Whether the program was trimmed. Trimming removes the assembly of the executor, because no code refers to it.</summary>
    private static bool IsTrimmed() => !IsSingleFile
        && !TrustedAssemblies().Any(file => Path.GetFileName(file) == BundleManifest.ExecutorAssembly)
        && !File.Exists(Path.Combine(AppContext.BaseDirectory, BundleManifest.ExecutorAssembly));

    private static string[] TrustedAssemblies() => (AppContext.GetData(TrustedAssembliesKey) as string ?? "").Split(Path.PathSeparator);

    private static BundleException CreateException(string form, string property) => new(
        $"A {form} cannot start workers, because these load the program's assemblies from separate, complete files: "
        + $"set {property} to false in the project (#:property {property}=false in a file-based program), and publish it again.");

    private static bool IsOwnDirectory(string? directory) =>
        !string.IsNullOrEmpty(directory) && Path.GetFullPath(directory) == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
}
