using Actors.Messages;
using Akka.Actor;

namespace Actors.Remoting.Bundles;

/// <summary>The files of a code bundle on this machine.</summary>
/// <param name="DepsFile">The dependency file.</param>
/// <param name="RuntimeConfigFile">The runtime configuration.</param>
/// <param name="ExecutorAssembly">The assembly that <c>dotnet exec</c> runs as an executor.</param>
/// <param name="Program">The program that runs as an executor instead, if the code is self-contained; null otherwise.</param>
public sealed record CodePaths(string DepsFile, string RuntimeConfigFile, string ExecutorAssembly, string? Program = null);

/// <summary>Provides the code of bundles on this machine.</summary>
public interface ICodeSource
{
    /// <summary>Downloads and verifies a bundle unless it is on this machine.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="coordinator">The coordinator that has the bundle.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="BundleException">The bundle cannot be downloaded or is damaged.</exception>
    Task<CodePaths> ResolveBundleAsync(BundleId bundle, IActorRef coordinator, CancellationToken cancellationToken);

    /// <summary>Protects the files of a bundle from removal until the caller disposes the result.</summary>
    /// <exception cref="BundleException">The files are being removed, and this takes too long.</exception>
    Task<IDisposable?> UseBundleAsync(BundleId bundle);
}
