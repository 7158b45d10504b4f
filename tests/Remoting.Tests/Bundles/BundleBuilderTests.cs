using Actors.Messages.Bundles;
using Actors.Remoting.Bundles;

namespace Actors.Remoting.Tests.Bundles;

public class BundleBuilderTests
{
    private readonly BundleBuilder _bundle = BundleBuilder.BuildForThisProcess([]);

    [Fact]
    public void BuildForThisProcess_Manifest_ContainsProgramAndExecutor()
    {
        var paths = _bundle.Manifest.Files.Select(file => file.Path).ToList();
        Assert.Contains("Actors.Remoting.Tests.dll", paths);
        Assert.Contains(BundleManifest.ExecutorAssembly, paths);
        Assert.Contains("Actors.Messages.dll", paths);
        Assert.Contains(_bundle.Manifest.DepsFile, paths);
        Assert.Contains(_bundle.Manifest.RuntimeConfigFile, paths);
        Assert.Null(_bundle.Manifest.FindProblem());
    }

    [Fact]
    public void BuildForThisProcess_Manifest_ContainsNoFrameworkFile()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Assert.DoesNotContain(_bundle.Manifest.Files, file => _bundle.PathOf(file.Content).StartsWith(framework, StringComparison.Ordinal));
        Assert.DoesNotContain(_bundle.Manifest.Files, file => file.Path is "System.Private.CoreLib.dll" or "System.Runtime.dll");
    }

    [Fact]
    public void BuildForThisProcess_Twice_GivesTheSameManifest() =>
        Assert.Equal(_bundle.Manifest.ComputeId(), BundleBuilder.BuildForThisProcess([]).Manifest.ComputeId());
}
