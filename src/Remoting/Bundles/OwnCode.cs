using Actors.Messages;
using Actors.Messages.Bundles;
using Akka.Actor;

namespace Actors.Remoting.Bundles;

/// <summary>The code of this process, where it already lies.</summary>
internal sealed class OwnCode : ICodeSource
{
    private const string DepsEnding = ".deps.json";

    private static readonly Lazy<BundleId> Hash = new(() => BundleBuilder.OfThisProcess().Manifest.ComputeId());

    /// <summary>The bundle of the running program by what it holds: another build has another.</summary>
    /// <exception cref="BundleException">The program's files cannot be read.</exception>
    public static BundleId ByContent => Hash.Value;

    /// <summary>The running program's files.</summary>
    /// <exception cref="BundleException">The program has none: it is a single file, or was started in an unusual way.</exception>
    public static CodePaths Find()
    {
        var directory = AppContext.BaseDirectory;
        var all = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string ?? "").Split(Path.PathSeparator, ';');
        var deps = all.FirstOrDefault(file => file.EndsWith(DepsEnding, StringComparison.Ordinal)
            && Path.GetFullPath(file).StartsWith(directory, StringComparison.Ordinal));
        if (deps is null)
            throw new BundleException($"This program has no {DepsEnding} file in {directory}: publish it as separate files, not as one.");
        var runtimeConfig = deps[..^DepsEnding.Length] + ".runtimeconfig.json";
        var executor = Path.Combine(directory, BundleManifest.ExecutorAssembly);
        foreach (var needed in new[] { runtimeConfig, executor })
        {
            if (!File.Exists(needed))
                throw new BundleException($"{needed} is missing: it belongs to every program that uses process pools.");
        }

        return new CodePaths(deps, runtimeConfig, executor);
    }

    /// <inheritdoc/>
    public Task<CodePaths> ResolveAsync(BundleId bundle, ICanTell coordinator, CancellationToken cancellationToken) => bundle == BundleId.OfThisProcess || bundle == ByContent
        ? Task.FromResult(Find())
        : throw new BundleException($"Bundle {bundle} is not the code of this process.");
}
