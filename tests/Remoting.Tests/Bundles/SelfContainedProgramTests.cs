using System.Text.Json.Nodes;
using Actors.Remoting.Bundles;

namespace Actors.Remoting.Tests.Bundles;

public sealed class SelfContainedProgramTests : IDisposable
{
    private const string Deps = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0/linux-x64" },
          "targets": {
            ".NETCoreApp,Version=v10.0": {},
            ".NETCoreApp,Version=v10.0/linux-x64": {
              "Shop/1.0.0": {
                "dependencies": { "Actors": "0.1.0", "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64": "10.0.12" },
                "runtime": { "Shop.dll": {} }
              },
              "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.12": {
                "runtime": { "System.Runtime.dll": {} },
                "native": { "libcoreclr.so": {} }
              }
            }
          },
          "libraries": {
            "Shop/1.0.0": { "type": "project" },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.12": { "type": "runtimepack" }
          }
        }
        """;

    private const string Config = """
        {
          "runtimeOptions": {
            "tfm": "net10.0",
            "includedFrameworks": [{ "name": "Microsoft.NETCore.App", "version": "10.0.12" }],
            "configProperties": { "System.GC.Server": true }
          }
        }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;
    private readonly SelfContainedProgram _program;

    public SelfContainedProgramTests()
    {
        var (deps, config) = (Path.Combine(_directory, "Shop.deps.json"), Path.Combine(_directory, "Shop.runtimeconfig.json"));
        File.WriteAllText(deps, Deps);
        File.WriteAllText(config, Config);
        _program = SelfContainedProgram.ReadProgram(new CodePaths(deps, config, Path.Combine(_directory, "Actors.Executor.dll")));
    }

    [Fact]
    public void DepsFile_SelfContainedProgram_LosesTheRuntime()
    {
        var text = System.Text.Encoding.UTF8.GetString(_program.DepsFile);

        Assert.DoesNotContain("runtimepack", text, StringComparison.Ordinal);
        Assert.Equal(
            """{"dependencies":{"Actors":"0.1.0"},"runtime":{"Shop.dll":{}}}""",
            JsonNode.Parse(text)!["targets"]![".NETCoreApp,Version=v10.0/linux-x64"]!["Shop/1.0.0"]!.ToJsonString());
    }

    [Fact]
    public void RuntimeConfigFile_SelfContainedProgram_DeclaresTheFramework()
    {
        var options = JsonNode.Parse(_program.RuntimeConfigFile)!["runtimeOptions"]!;

        Assert.Equal("""[{"name":"Microsoft.NETCore.App","version":"10.0.0"}]""", options["frameworks"]!.ToJsonString());
        Assert.Null(options["includedFrameworks"]);
        Assert.True(options["configProperties"]!["System.GC.Server"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("/shop/System.Runtime.dll", true)]
    [InlineData("/shop/libcoreclr.so", true)]
    [InlineData("/shop/Shop.dll", false)]
    [InlineData("/shop/libsqlite.so", false)]
    public void IsOfRuntime_File_TellsTheRuntimePack(string file, bool isOfRuntime) =>
        Assert.Equal(isOfRuntime, _program.IsOfRuntime(file));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
