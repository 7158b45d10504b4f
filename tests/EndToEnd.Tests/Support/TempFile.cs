namespace Actors.EndToEnd.Tests.Support;

/// <summary>A file that jobs write to and the test reads; removed with the test.</summary>
internal sealed class TempFile : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"e2e-{Guid.NewGuid():N}");

    /// <summary>How many lines were written; jobs count their starts so.</summary>
    public int Lines => File.Exists(Path) ? File.ReadAllLines(Path).Length : 0;

    /// <summary>In a job: adds a line.</summary>
    /// <returns>How many there are now.</returns>
    public static int Count(string path)
    {
        File.AppendAllText(path, $"{Environment.ProcessId}\n");
        return File.ReadAllLines(path).Length;
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(Path);
}
