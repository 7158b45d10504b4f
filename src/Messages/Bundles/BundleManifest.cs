using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MemoryPack;

namespace Actors.Messages.Bundles;

/// <summary>A file of a bundle.</summary>
/// <param name="Path">The path relative to the bundle, with forward slashes.</param>
/// <param name="Content">The hash of its content.</param>
/// <param name="Length">Its length in bytes.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record BundleFile(string Path, BundleId Content, long Length);

/// <summary>The files of a user's code. The id is a hash over the manifest, so that a receiver that knows the id can check it.</summary>
/// <param name="Files">The files, in the order of their paths.</param>
/// <param name="DepsFile">The path of the dependency file.</param>
/// <param name="RuntimeConfigFile">The path of the runtime configuration.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record BundleManifest(ImmutableArray<BundleFile> Files, string DepsFile, string RuntimeConfigFile)
{
    /// <summary>The assembly that an executor starts with.</summary>
    public const string ExecutorAssembly = "Actors.Executor.dll";

    private const int MaxFiles = 4096;
    private const long MaxFileLength = 256L << 20;
    private const long MaxBundleLength = 1L << 30;

    /// <summary>Computes the id from the manifest.</summary>
    public BundleId ComputeId()
    {
        var text = new StringBuilder();
        text.Append(DepsFile).Append('\n').Append(RuntimeConfigFile).Append('\n');
        foreach (var file in Files)
            text.Append(file.Content).Append(' ').Append(file.Length).Append(' ').Append(file.Path).Append('\n');
        return BundleId.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Describes the problem for which a manifest is refused; null for none.</summary>
    public string? FindProblem()
    {
        if (Files.IsDefaultOrEmpty || Files.Length > MaxFiles)
            return $"A bundle has from 1 to {MaxFiles} files.";
        if (Files.Any(file => file?.Path is null))
            return "A file of the bundle has no path.";
        if (Files.Any(file => file.Length is < 0 or > MaxFileLength))
            return $"A file of a bundle has at most {MaxFileLength >> 20} MiB.";
        if (Files.Sum(file => file.Length) > MaxBundleLength)
            return $"A bundle has at most {MaxBundleLength >> 20} MiB.";
        if (Files.FirstOrDefault(file => !BundlePath.IsValid(file.Path)) is { } outside)
            return $"The path '{outside.Path}' leaves the bundle, or no file system has such a path.";
        var paths = Files.Select(file => file.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (paths.Count != Files.Length)
            return "A bundle names a path twice.";
        if (Files.FirstOrDefault(file => IsBelowFile(file.Path, paths)) is { } below)
            return $"The path '{below.Path}' is below a file.";
        foreach (var needed in new[] { DepsFile, RuntimeConfigFile, ExecutorAssembly })
        {
            if (Files.All(file => file.Path != needed))
                return $"The bundle lacks {needed}.";
        }

        return null;
    }

    private static bool IsBelowFile(ReadOnlySpan<char> path, HashSet<string> files)
    {
        // Avoids a string for each directory, because a manifest is checked before its sender is trusted.
        var found = files.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '/' && found.Contains(path[..i]))
                return true;
        }

        return false;
    }
}
