using System.Reflection;
using Actors.Packing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Actors.Architecture.Tests;

/// <summary>Users see the types of the namespace Actors. All others are public for the assemblies of this repository alone.</summary>
public class ReferenceAssemblyTests
{
    private static readonly string[] Visible = ["Actors", "Actors.Messages", "Actors.Remoting"];

    /// <summary>The package as users see it: reference assemblies, the packages that it depends on, and the framework.</summary>
    private static readonly CSharpCompilation Package = Compile("");

    public static TheoryData<string> Assemblies => [.. Visible];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void HideTypes_AnAssemblyOfThePackage_LeavesTheTypesOfUsers(string name)
    {
        var exported = Assembly.Load(name).GetExportedTypes().Where(type => type is { Namespace: "Actors", IsNested: false });

        Assert.Equal(exported.Select(type => type.Name).Order(), PublicTypesOf(name).Select(type => type.MetadataName).Order());
    }

    /// <summary>The compiler of a user never looks for an assembly that is not visible.</summary>
    [Theory]
    [MemberData(nameof(Assemblies))]
    public void UserTypes_ReferToVisibleTypesOnly(string name) => Assert.Empty(
        from type in PublicTypesOf(name)
        from mentioned in type.GetMembers().Where(IsForUsers).SelectMany(TypesOf).Append(type.BaseType).Concat(type.AllInterfaces)
        where mentioned is { TypeKind: TypeKind.Error }
        select $"{type}: {mentioned}");

    /// <summary>In other assemblies the compiler requires it. In these it does not know which types users see.</summary>
    [Theory]
    [InlineData("Actors.Messages")]
    [InlineData("Actors.Remoting")]
    public void UserTypes_AreDocumented(string name) => Assert.Empty(
        from type in PublicTypesOf(name)
        from symbol in type.GetMembers().Where(IsForUsers).Where(member => !IsDeclaredElsewhere(member)).Append(type)
        where string.IsNullOrWhiteSpace(symbol.GetDocumentationCommentXml())
        select $"{symbol}");

    [Theory]
    [InlineData("Actors.Messages.Pools.PoolSpec")]
    [InlineData("Actors.Messages.Pools.PoolProtocol.OpenPool")]
    [InlineData("Actors.Remoting.Access.AccessKey")]
    [InlineData("Actors.Coordinator.Pools.PoolState")]
    public void HiddenType_InCodeOfAUser_DoesNotCompile(string type)
    {
        var error = Assert.Single(Compile($"class Program {{ {type} _field; }}").GetDiagnostics(), IsError);

        Assert.Contains(error.Id, new[] { "CS0122", "CS0234" });
    }

    [Fact]
    public void VisibleType_InCodeOfAUser_Compiles() => Assert.DoesNotContain(
        Compile("class Program { Actors.ProcessPool? _pool; Actors.JobContext? _context; Actors.DurableStore? _store; }").GetDiagnostics(),
        IsError);

    /// <summary>A friend may use each internal type: a boundary that the compiler does not check.</summary>
    [Fact]
    public void Friends_BesidesTests_AreThese() => Assert.Equal(
        [
            "Actors.Hosting of src/Client/Client.csproj", "Actors.Runner of src/Client/Client.csproj",
            "Actors.Testing of src/Client/Client.csproj", "Actors.Testing of src/Executor/Executor.csproj",
            "Actors.Executor of src/Messages/Friends.props", "Actors.Testing of src/Messages/Friends.props",
        ],
        from project in Repository.Files("src", ".csproj", ".props", ".targets").OrderBy(project => project.Path, StringComparer.Ordinal)
        from line in project.Text.Split('\n')
        where line.Contains("<InternalsVisibleTo", StringComparison.Ordinal)
        let friend = line.Split('"')[1]
        where !friend.EndsWith(".Tests", StringComparison.Ordinal)
        select $"{friend} of {project.Path}");

    private static CSharpCompilation Compile(string code)
    {
        var folder = AppContext.BaseDirectory;
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Actors", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path));
        var package = Visible.Select(name => MetadataReference.CreateFromImage(
            ReferenceAssembly.HideTypes(File.ReadAllBytes(Path.Combine(folder, $"{name}.dll"))),
            documentation: XmlDocumentationProvider.CreateFromFile(Path.Combine(folder, $"{name}.xml"))));
        return CSharpCompilation.Create(
            "User", [CSharpSyntaxTree.ParseText(code)], platform.Concat(package),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static IEnumerable<INamedTypeSymbol> PublicTypesOf(string assembly) =>
        Package.SourceModule.ReferencedAssemblySymbols.Single(known => known.Name == assembly)
            .GlobalNamespace.GetNamespaceMembers().SelectMany(FindTypes)
            .Where(type => type.DeclaredAccessibility == Accessibility.Public);

    private static IEnumerable<INamedTypeSymbol> FindTypes(INamespaceSymbol space) =>
        space.GetTypeMembers().Concat(space.GetNamespaceMembers().SelectMany(FindTypes));

    private static bool IsForUsers(ISymbol member) =>
        member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
        && member is not IMethodSymbol { AssociatedSymbol: not null };

    /// <summary>Whether the documentation of a member is that of a base class, or the compiler has written it.</summary>
    private static bool IsDeclaredElsewhere(ISymbol member) => member.IsOverride || member.IsImplicitlyDeclared
        || member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute")
        || member is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum, IsConst: false }
        || member is IMethodSymbol { MethodKind: MethodKind.Constructor, ContainingType.TypeKind: TypeKind.Struct or TypeKind.Delegate };

    private static IEnumerable<ITypeSymbol> TypesOf(ISymbol member) => member switch
    {
        IMethodSymbol method => [method.ReturnType, .. method.Parameters.Select(parameter => parameter.Type)],
        IPropertySymbol property => [property.Type, .. property.Parameters.Select(parameter => parameter.Type)],
        IFieldSymbol field => [field.Type],
        IEventSymbol raised => [raised.Type],
        _ => [],
    };

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;
}
