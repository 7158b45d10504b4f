using System.Text;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>A temporary file that jobs write and the test reads.</summary>
internal sealed class TempFile : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"e2e-{Guid.NewGuid():N}");

    /// <summary>Gets the number of lines. Jobs add a line at each start.</summary>
    public int Lines
    {
        get
        {
            if (!File.Exists(Path))
                return 0;
            // A job may hold the file.
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return CountLines(file);
        }
    }

    /// <summary>Adds a line. Called in a job.</summary>
    /// <returns>The number of lines after that.</returns>
    public static int Count(string path)
    {
        using var file = OpenAlone(path);
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
        file.Position = 0;
        return CountLines(file);
    }

    private static int CountLines(FileStream file)
    {
        using var reader = new StreamReader(file, leaveOpen: true);
        return reader.ReadToEnd().Count(letter => letter == '\n');
    }

    /// <summary>Opens the file for this process alone: two that append at the same time would write to the same position.</summary>
    private static FileStream OpenAlone(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
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
