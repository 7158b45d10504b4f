using System.Security.Cryptography;
using System.Text;
using Actors.Messages;
using Actors.Messages.Bundles;

namespace Actors.Remoting.Tests.Bundles;

/// <summary>A directory that is removed after its test.</summary>
internal sealed class TestDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bundles-test-").FullName;

    public static BundleId HashOf(string text) => BundleId.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Creates a manifest of text files. Each file contains its own path.</summary>
    public static BundleManifest Manifest(params string[] more) => new(
        [.. new[] { BundleManifest.ExecutorAssembly, "a.deps.json", "a.runtimeconfig.json" }.Concat(more)
            .Select(path => new BundleFile(path, HashOf(path), Encoding.UTF8.GetByteCount(path)))],
        "a.deps.json", "a.runtimeconfig.json");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
