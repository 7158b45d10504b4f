using Actors.Messages.Storage;

namespace Actors.Hosting;

/// <summary>A file that is there as long as a program is in its cluster: for whoever looks after the program and cannot ask it.</summary>
internal sealed class ReadyFile(FileInfo? file) : IDisposable
{
    /// <summary>It is in.</summary>
    public void Appear()
    {
        if (file is not null)
            PrivateFile.Replace(file.FullName).Dispose();
    }

    /// <summary>It is out.</summary>
    public void Disappear()
    {
        if (file is not null)
            File.Delete(file.FullName);
    }

    /// <inheritdoc/>
    public void Dispose() => Disappear();
}
