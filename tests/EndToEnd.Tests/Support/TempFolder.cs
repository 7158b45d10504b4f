namespace Actors.EndToEnd.Tests.Support;

/// <summary>A folder in which jobs of several processes leave a file each; removed with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("e2e-").FullName;

    public int Files => Directory.GetFiles(Path).Length;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
