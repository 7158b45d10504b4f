using System.Runtime.Versioning;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Actors.Coordinator.Tests;

/// <summary><see cref="StoreAssembly"/>, with assemblies that the tests compile.</summary>
public sealed class StoreAssemblyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("store-assembly-");

    /// <summary>Names each assembly differently: an assembly stays loaded, and a name is loaded once.</summary>
    private readonly string _name = $"Store{Guid.NewGuid():N}";

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void CreateStore_ConstructorWithText_PassesTheText() =>
        Assert.Equal("text", StoreAssembly.CreateStore(Compile(_name, Store("S", "string text", "text")), "text").ToString());

    [Fact]
    public void CreateStore_WithoutSettings_UsesTheConstructorWithoutParameters() =>
        Assert.Equal("none", StoreAssembly.CreateStore(Compile(_name, Store("S", "", "\"none\"")), null).ToString());

    [Fact]
    public void CreateStore_DependencyBesideTheAssembly_IsLoaded()
    {
        var dependency = Compile(
            $"{_name}.Names", $"namespace N{_name}; public static class Names {{ public static string Own => \"named\"; }}");
        var assembly = Compile(_name, Store("S", "", $"N{_name}.Names.Own"), dependency);

        Assert.Equal("named", StoreAssembly.CreateStore(assembly, null).ToString());
    }

    [Theory]
    [InlineData("", "has 0 public classes")]
    [InlineData("Hidden", "has 0 public classes")]
    [InlineData("One Two", "has 2 public classes")]
    public void CreateStore_NotOneClass_IsRefused(string classes, string message)
    {
        var sources = classes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => Store(name, "", "\"\""));
        var source = string.Join('\n', sources).Replace("public sealed class Hidden", "sealed class Hidden", StringComparison.Ordinal);

        Expect(message, Compile(_name, source), null);
    }

    [Theory]
    [InlineData("", "secret", "no public constructor with one string")]
    [InlineData("int number", null, "no public constructor without parameters")]
    public void CreateStore_NoSuchConstructor_IsRefused(string parameters, string? settings, string message) =>
        Expect(message, Compile(_name, Store("S", parameters, "\"\"")), settings);

    [Fact]
    public void CreateStore_ConstructorThrows_IsRefusedWithoutItsMessage() => Expect(
        "threw System.FormatException",
        Compile(_name, Store("S", "string text", "text", "private readonly int _number = int.Parse(text);")),
        "secret");

    /// <summary>The code runs as the coordinator, and may know the password of the store.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [UnsupportedOSPlatform("windows")]
    public void CreateStore_OthersCanWriteToTheCode_IsRefused(bool ofDependency)
    {
        var dependency = Compile(
            $"{_name}.Names", $"namespace N{_name}; public static class Names {{ public static string Own => \"named\"; }}");
        var assembly = Compile(_name, Store("S", "", $"N{_name}.Names.Own"), dependency);
        File.SetUnixFileMode(
            ofDependency ? dependency : assembly, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        var refusal = Assert.ThrowsAny<Exception>(() => StoreAssembly.CreateStore(assembly, null).ToString());

        Assert.Contains("other users can replace its content", $"{refusal}", StringComparison.Ordinal);
    }

    [Fact]
    public void CreateStore_NoAssembly_IsRefused()
    {
        var file = Path.Combine(_folder.FullName, "text.dll");
        File.WriteAllText(file, "no assembly");

        Expect("cannot be loaded", file, null);
    }

    private static void Expect(string message, string assembly, string? settings)
    {
        var refusal = Assert.ThrowsAny<InvalidOperationException>(() => StoreAssembly.CreateStore(assembly, settings));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(assembly, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    private static string Store(string name, string parameters, string text, string member = "") => $$"""
        public sealed class {{name}}({{parameters}}) : Actors.DurableStore
        {
            {{member}}
            public override string ToString() => {{text}};
            public override void PrepareStore() { }
            public override long MeasureSize() => 0;
            protected override string CreateJournalSettings() => "";
            protected override string CreateSnapshotSettings() => "";
        }
        """;

    private string Compile(string name, string source, params string[] references)
    {
        var path = Path.Combine(_folder.FullName, $"{name}.dll");
        var known = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var result = CSharpCompilation.Create(
            name, [CSharpSyntaxTree.ParseText(source)], known.Concat(references).Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(path);
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return path;
    }
}
