using Actors.Cli.Running;
using Actors.Programs;

namespace Actors.Cli.Tests;

/// <summary>A library that somebody has sent to the user lists files outside of its directory.</summary>
public sealed class UserAssemblyTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("assembly-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("runtimeTargets", "../../secret", "package/1.0.0")]
    [InlineData("runtimeTargets", "/tmp/secret", "package/1.0.0")]
    [InlineData("runtime", "../../secret", "package/1.0.0")]
    [InlineData("native", "a/../../secret", "package/1.0.0")]
    [InlineData("resources", "../secret", "package/1.0.0")]
    [InlineData("resources", "", "package/1.0.0")]
    [InlineData("runtime", "secret", "../..")]
    [InlineData("runtime", "secret", "/home")]
    public void Create_PathOutsideOfItsDirectory_IsRefused(string kind, string key, string package)
    {
        var file = WriteLibrary(kind, key, package);

        var refusal = Assert.Throws<UnusableFileException>(() => StagedProgram.Create(file).Dispose());

        Assert.Contains("lib.deps.json", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FindAssets_FileBesideTheAssembly_IsFound()
    {
        var file = WriteLibrary("runtimeTargets", "runtimes/linux/native/x.so", "package/1.0.0");
        var beside = Path.Combine(_directory.CreateSubdirectory("runtimes/linux/native").FullName, "x.so");
        File.WriteAllText(beside, "");

        Assert.Equal(beside, Assert.Single(UserAssembly.Read(file).FindAssets()).Source);
    }

    private FileInfo WriteLibrary(string kind, string key, string package)
    {
        var file = Path.Combine(_directory.FullName, "lib.dll");
        File.Copy(typeof(UserAssemblyTests).Assembly.Location, file);
        File.WriteAllText(Path.Combine(_directory.FullName, "lib.deps.json"), $$"""
            {
              "runtimeTarget": { "name": "net10.0" },
              "targets": { "net10.0": { "package/1.0.0": { "{{kind}}": { "{{key}}": {} } } } },
              "libraries": { "package/1.0.0": { "type": "package", "path": "{{package}}" } }
            }
            """);
        return new FileInfo(file);
    }
}
