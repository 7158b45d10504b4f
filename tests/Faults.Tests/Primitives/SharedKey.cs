namespace Actors.Faults.Tests.Primitives;

/// <summary>Lets this process and the programs that it starts connect to other addresses than loopback, with a key of their own.</summary>
internal sealed class SharedKey : IDisposable
{
    private const string KeyVariable = "ACTORS_KEY_FILE";
    private const string InsecureVariable = "ACTORS_INSECURE";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("key-");

    public SharedKey()
    {
        var file = Path.Combine(_directory.FullName, "key");
        File.WriteAllText(file, $"{Guid.NewGuid()}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Environment.SetEnvironmentVariable(KeyVariable, file);
        Environment.SetEnvironmentVariable(InsecureVariable, "1");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Environment.SetEnvironmentVariable(KeyVariable, null);
        Environment.SetEnvironmentVariable(InsecureVariable, null);
        _directory.Delete(recursive: true);
    }
}
