using Actors.Messages;
using Actors.Messages.Bundles;
using Akka.Actor;

namespace Actors.Remoting.Bundles;

/// <summary>Provides the code of this process from its own directory.</summary>
public sealed class OwnCode : ICodeSource
{
    private const string DepsExtension = ".deps.json";

    // Without other files: a changed setting makes no other build.
    private static readonly Lazy<BundleId> Hash = new(() => BundleBuilder.BuildForThisProcess([]).Manifest.ComputeId());

    /// <summary>The id of the bundle of the running program, computed from its contents. Another build has another id.</summary>
    /// <exception cref="BundleException">The files of the program cannot be read.</exception>
    public static BundleId ByContent => Hash.Value;

    /// <summary>Finds the files of the running program.</summary>
    /// <exception cref="BundleException">The program was published in a form that workers cannot load, or a file is missing.</exception>
    public static CodePaths FindFiles()
    {
        PublishedForm.RequireSupported();
        var directory = AppContext.BaseDirectory;
        var all = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string ?? "").Split(Path.PathSeparator, ';');
        var deps = all.FirstOrDefault(file => file.EndsWith(DepsExtension, StringComparison.Ordinal)
            && Path.GetFullPath(file).StartsWith(directory, StringComparison.Ordinal));
        if (deps is null)
        {
            throw new BundleException(
                $"This program has no {DepsExtension} file in {directory}, and workers need it: set GenerateDependencyFile to true in the "
                + "project.");
        }

        var runtimeConfig = deps[..^DepsExtension.Length] + ".runtimeconfig.json";
        var executor = Path.Combine(directory, BundleManifest.ExecutorAssembly);
        foreach (var needed in new[] { runtimeConfig, executor })
        {
            if (!File.Exists(needed))
            {
                throw new BundleException(
                    $"Workers need {needed}, and it is missing: copy every file of the program's build or publish output.");
            }
        }

        return new CodePaths(deps, runtimeConfig, executor, PublishedForm.IsSelfContained ? Environment.ProcessPath : null);
    }

    /// <inheritdoc/>
    public Task<CodePaths> ResolveBundleAsync(BundleId bundle, IActorRef coordinator, CancellationToken cancellationToken) =>
        bundle == BundleId.ThisProcess || bundle == ByContent
        ? Task.FromResult(FindFiles())
        : throw new BundleException($"Bundle {bundle} is not the code of this process.");

    /// <summary>Does nothing: nothing removes the files of this program.</summary>
    public Task<IDisposable?> UseBundleAsync(BundleId bundle) => Task.FromResult<IDisposable?>(null);
}
