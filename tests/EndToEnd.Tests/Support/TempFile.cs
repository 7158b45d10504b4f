namespace Actors.EndToEnd.Tests.Support;

/// <summary>A temporary file that jobs write and the test reads.</summary>
internal sealed class TempFile : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"e2e-{Guid.NewGuid():N}");

    /// <summary>Gets the number of lines. Jobs add a line at each start.</summary>
    public int Lines => File.Exists(Path) ? File.ReadAllLines(Path).Length : 0;

    /// <summary>Adds a line. Called in a job.</summary>
    /// <returns>The number of lines after that.</returns>
    public static int Count(string path)
    {
        File.AppendAllText(path, $"{Environment.ProcessId}\n");
        return File.ReadAllLines(path).Length;
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(Path);
}
