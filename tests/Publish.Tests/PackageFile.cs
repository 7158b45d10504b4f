using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace Actors.Publish.Tests;

/// <summary>The contents of a NuGet package.</summary>
/// <param name="path">The file.</param>
internal sealed class PackageFile(string path)
{
    /// <summary>The kind of the debug information that contains the Source Link.</summary>
    private static readonly Guid SourceLinkKind = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    /// <summary>Gets the names of the packages of this repository.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["Actors", "Actors.AspNetCore", "Actors.Cli", "Actors.Durability", "Actors.Hosting", "Actors.Testing"];

    /// <summary>Gets the name of the package.</summary>
    public string Name => Read("id").Value;

    /// <summary>Gets the package of the symbols.</summary>
    public PackageFile Symbols => new(Path.ChangeExtension(path, ".snupkg"));

    /// <summary>Gets the kind, address and commit of the repository.</summary>
    public (string? Kind, string? Address, string? Commit) Repository
    {
        get
        {
            var repository = Read("repository");
            return (repository.Attribute("type")?.Value, repository.Attribute("url")?.Value, repository.Attribute("commit")?.Value);
        }
    }

    /// <summary>Gets the license.</summary>
    public string License => Read("license").Value;

    /// <summary>Gets the dependencies.</summary>
    public IReadOnlyList<XElement> Dependencies =>
        [.. ReadSpecification().Descendants().Where(node => node.Name.LocalName == "dependency")];

    /// <summary>Gets the names of the packages on which it depends.</summary>
    public IReadOnlyList<string> DependencyNames => [.. Dependencies.Select(node => node.Attribute("id")!.Value)];

    /// <summary>Gets the paths of all files.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            using var archive = ZipFile.OpenRead(path);
            return [.. archive.Entries.Select(file => file.FullName).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Gets the names of the assemblies that programs reference.</summary>
    public IReadOnlyList<string> Assemblies => [.. FindLibraryFiles(".dll").Select(NameOf)];

    /// <summary>Gets the names of the assemblies whose symbols the package has.</summary>
    public IReadOnlyList<string> SymbolNames => [.. FindLibraryFiles(".pdb").Select(NameOf)];

    /// <summary>Reads the sizes of the assemblies in a directory of the package, in bytes.</summary>
    public SortedDictionary<string, long> ReadSizes(string directory)
    {
        using var archive = ZipFile.OpenRead(path);
        return new(
            archive.Entries.Where(file => Path.GetDirectoryName(file.FullName) == directory && Path.GetExtension(file.Name) == ".dll")
                .ToDictionary(file => file.Name, file => file.Length), StringComparer.Ordinal);
    }

    /// <summary>Reads the processor for which an assembly of the package is compiled.</summary>
    public Machine ReadMachine(string assembly)
    {
        using var archive = ZipFile.OpenRead(path);
        using var contents = new MemoryStream();
        using (var stream = archive.GetEntry(assembly)!.Open())
            stream.CopyTo(contents);
        contents.Position = 0;
        using var reader = new PEReader(contents);
        return reader.PEHeaders.CoffHeader.Machine;
    }

    /// <summary>Reads the addresses of the sources from the symbols of an assembly.</summary>
    public string ReadSourceLink(string assembly)
    {
        using var archive = ZipFile.OpenRead(path);
        using var contents = new MemoryStream();
        using (var stream = archive.GetEntry(FindLibraryFiles(".pdb").Single(file => NameOf(file) == assembly))!.Open())
            stream.CopyTo(contents);
        contents.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(contents);
        var reader = provider.GetMetadataReader();
        var link = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Single(information => reader.GetGuid(information.Kind) == SourceLinkKind);
        return Encoding.UTF8.GetString(reader.GetBlobBytes(link.Value));
    }

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);

    private IEnumerable<string> FindLibraryFiles(string extension) =>
        Files.Where(file => file.StartsWith("lib/", StringComparison.Ordinal) && Path.GetExtension(file) == extension);

    private XElement Read(string name) => ReadSpecification().Descendants().First(node => node.Name.LocalName == name);

    private XDocument ReadSpecification()
    {
        using var archive = ZipFile.OpenRead(path);
        using var stream = archive.Entries.Single(file => file.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream);
    }
}
