using Actors.Messages;
using Akka.Actor;

namespace Actors.Remoting.Bundles;

/// <summary>Where a bundle's code lies on this machine.</summary>
/// <param name="DepsFile">The dependency file.</param>
/// <param name="RuntimeConfigFile">The runtime configuration.</param>
/// <param name="ExecutorAssembly">The assembly that <c>dotnet exec</c> starts an executor with.</param>
/// <param name="Program">The program that an executor is started with instead, where the code is self-contained; null otherwise.</param>
internal sealed record CodePaths(string DepsFile, string RuntimeConfigFile, string ExecutorAssembly, string? Program = null);

/// <summary>Brings the code of a bundle to this machine.</summary>
internal interface ICodeSource
{
    /// <summary>Returns when all of it is here and has been checked.</summary>
    /// <param name="bundle">Which.</param>
    /// <param name="coordinator">Who has it, if it is not here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BundleException">It cannot be had.</exception>
    Task<CodePaths> ResolveBundleAsync(BundleId bundle, ICanTell coordinator, CancellationToken cancellationToken);
}

/// <summary>A code bundle cannot be built, fetched or trusted.</summary>
public sealed class BundleException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
