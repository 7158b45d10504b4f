namespace Actors.Soak.Tests.Support;

/// <summary>
/// Where this process and those that it starts have their files: a directory of their own, and what all programs of the library have in
/// shared memory. It lasts as long as the process, as does the worker node that local pools share.
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

    /// <summary>Those that are there.</summary>
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

/// <summary>The tests of this assembly: one after the other, since they look at the whole process.</summary>
[CollectionDefinition(Name)]
public sealed class SoakGroup : ICollectionFixture<Files>
{
    /// <summary>What the tests name.</summary>
    public const string Name = "soak";
}
