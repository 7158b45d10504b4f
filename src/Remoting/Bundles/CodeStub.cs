using Actors.Messages;
namespace Actors.Remoting.Bundles;
/// <summary>s</summary>
public sealed record CodePaths(string Directory, string DepsFile, string RuntimeConfigFile, string ExecutorAssembly);
/// <summary>s</summary>
public interface ICodeSource
{
    /// <summary>s</summary>
    Task<CodePaths> ResolveAsync(BundleId bundle, CancellationToken cancellationToken);
}
