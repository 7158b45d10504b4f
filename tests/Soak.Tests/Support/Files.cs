namespace Actors.Soak.Tests.Support;

/// <summary>
/// The files of this process and its children: a temporary directory and the library's files in shared memory. The directory exists as
/// long as the process, because local pools share one worker node until then.
/// </summary>
public sealed class Files : IDisposable
{
    private const string TemporaryVariable = "TMPDIR";
    private const string CacheVariable = "XDG_CACHE_HOME";

    private readonly (string Name, string? Value)[] _before =
        [.. new[] { TemporaryVariable, CacheVariable }.Select(name => (name, Environment.GetEnvironmentVariable(name)))];

    private readonly string _directory = Directory.CreateTempSubdirectory("soak-").FullName;

    public Files()
    {
        Environment.SetEnvironmentVariable(TemporaryVariable, _directory);
        Environment.SetEnvironmentVariable(CacheVariable, _directory);
    }

    /// <summary>Returns the existing files.</summary>
    public string[] Find() =>
    [
        .. Directory.EnumerateFileSystemEntries(_directory, "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles("/dev/shm", "actors*")).Order(StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
        Directory.Delete(_directory, recursive: true);
    }
}

/// <summary>The collection of all tests of this assembly. They run one after the other, because they measure the whole process.</summary>
[CollectionDefinition(Name)]
public sealed class SoakGroup : ICollectionFixture<Files>
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "soak";
}
