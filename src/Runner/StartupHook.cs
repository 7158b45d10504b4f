using System.Text.Json;
using Actors;
using Actors.Remoting.Bundles;

/// <summary>
/// Writes the code bundle of a program as JSON, in place of the program. The runtime calls this startup hook before <c>Main</c>, so the
/// bundle is exactly that of the program: its files, its runtime, and its version of this library. It must not use other assemblies.
/// </summary>
internal static class StartupHook
{
    /// <summary>Writes the bundle and ends the process.</summary>
    public static void Initialize()
    {
        try
        {
            var manifest = BundleBuilder.BuildForThisProcess(BundledFiles.Find([BundledFiles.Settings])).Manifest;
            var files = manifest.Files.Select(file => new { file.Path, file.Length, Hash = $"{file.Content}" });
            var id = $"{manifest.ComputeId()}";
            Console.WriteLine(JsonSerializer.Serialize(new { Id = id, Files = files }, JsonSerializerOptions.Web));
            Environment.Exit(0);
        }
        catch (BundleException exception)
        {
            Console.Error.WriteLine(exception.Message);
            Environment.Exit(1);
        }
    }
}
