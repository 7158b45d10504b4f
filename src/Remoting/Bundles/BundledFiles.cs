using Microsoft.Extensions.FileSystemGlobbing;

namespace Actors.Remoting.Bundles;

/// <summary>Finds the files, besides assemblies, that the workers of a cluster get from the directory of the running program.</summary>
public static class BundledFiles
{
    /// <summary>The settings of a program, which may be missing.</summary>
    public const string Settings = "appsettings*.json";

    private const string SatelliteAssemblies = "*/*.resources.dll";

    /// <summary>Whether a pattern can match only files in the directory of the program.</summary>
    public static bool IsValidPattern(string pattern) =>
        !string.IsNullOrWhiteSpace(pattern) && !Path.IsPathRooted(pattern) && !pattern.Split('/', '\\').Contains("..");

    /// <summary>Finds the files that match the patterns, and the satellite assemblies.</summary>
    /// <param name="patterns">Paths with the wildcards <c>*</c> and <c>**</c>, relative to the directory of the program.</param>
    /// <exception cref="BundleException">A pattern other than the default matches no file.</exception>
    public static IEnumerable<string> Find(IReadOnlyList<string> patterns)
    {
        foreach (var pattern in patterns.Append(SatelliteAssemblies))
        {
            var matcher = new Matcher(StringComparison.Ordinal).AddInclude(pattern);
            var files = matcher.GetResultsInFullPath(AppContext.BaseDirectory).ToList();
            if (files.Count == 0 && pattern is not (Settings or SatelliteAssemblies))
            {
                throw new BundleException(
                    $"No file in {AppContext.BaseDirectory} matches '{pattern}' (PoolOptions.Files). Copy the file to the output directory "
                    + "of the program, or correct the pattern.");
            }

            foreach (var file in files)
                yield return file;
        }
    }
}
