using System.Text;

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
        using (var file = OpenAlone(path))
            file.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
        return File.ReadAllLines(path).Length;
    }

    /// <summary>Opens the file for this process alone: two that append at the same time would write to the same position.</summary>
    private static FileStream OpenAlone(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                Thread.Yield();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(Path);
}
