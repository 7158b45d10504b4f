namespace Actors.EndToEnd.Tests.Support;

/// <summary>A temporary folder to which jobs write files.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("e2e-").FullName;

    public int Files => Directory.GetFiles(Path).Length;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
