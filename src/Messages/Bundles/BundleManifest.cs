using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MemoryPack;

namespace Actors.Messages.Bundles;

/// <summary>One file of a bundle.</summary>
/// <param name="Path">Where it belongs, relative to the bundle, with forward slashes.</param>
/// <param name="Content">The hash of what is in it.</param>
/// <param name="Length">How long it is, in bytes.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record BundleFile(string Path, BundleId Content, long Length);

/// <summary>What a user's code consists of. Its id is a hash over all of it: whoever has the id can check the rest.</summary>
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

    /// <summary>Computed from the contents, never taken from a peer.</summary>
    public BundleId ComputeId()
    {
        var text = new StringBuilder();
        text.Append(DepsFile).Append('\n').Append(RuntimeConfigFile).Append('\n');
        foreach (var file in Files)
            text.Append(file.Content).Append(' ').Append(file.Length).Append(' ').Append(file.Path).Append('\n');
        return BundleId.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Why this manifest is not taken; null when it is good.</summary>
    public string? FindProblem()
    {
        if (Files.IsDefaultOrEmpty || Files.Length > MaxFiles)
            return $"A bundle has from 1 to {MaxFiles} files.";
        if (Files.Any(file => file?.Path is null))
            return "A file of a bundle has a path.";
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
        // Without a string for each directory: a manifest is checked before anything else is known of its sender.
        var found = files.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '/' && found.Contains(path[..i]))
                return true;
        }

        return false;
    }
}
