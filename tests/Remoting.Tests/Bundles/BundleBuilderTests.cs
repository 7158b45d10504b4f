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

    [Fact]
    public void FindGeneralForms_AssemblyOfThisPlatform_FindsTheOneBesideTheProgram()
    {
        var directory = Directory.CreateTempSubdirectory("general-");
        try
        {
            var own = directory.CreateSubdirectory("runtimes/linux-x64/lib/net10.0").FullName;
            string[] loaded = [Path.Combine(own, "Both.dll"), Path.Combine(own, "Only.dll"), Path.Combine(directory.FullName, "Plain.dll")];
            foreach (var file in loaded.Append(Path.Combine(directory.FullName, "Both.dll")))
                File.WriteAllText(file, "");

            Assert.Equal([Path.Combine(directory.FullName, "Both.dll")], BundleBuilder.FindGeneralForms(directory.FullName, loaded));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
