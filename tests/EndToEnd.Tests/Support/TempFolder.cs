namespace Actors.EndToEnd.Tests.Support;

/// <summary>A temporary folder to which jobs write files.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("e2e-").FullName;

    public int Files => Directory.GetFiles(Path).Length;

    /// <inheritdoc/>
    public void Dispose()
    {
        // A store deletes old records after the end of its pool, which may create a file while the folder is deleted.
        Assert.True(SpinWait.SpinUntil(TryDelete, TimeSpan.FromSeconds(10)), $"{Path} could not be deleted.");
    }

    private bool TryDelete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
            return true;
        }
        catch (IOException) when (Directory.Exists(Path))
        {
            return false;
        }
    }
}
