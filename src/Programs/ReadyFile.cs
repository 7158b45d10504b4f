using Actors.Messages.Storage;

namespace Actors.Programs;

/// <summary>A file that exists while a program is in its cluster, for monitoring that cannot ask the program itself.</summary>
public sealed class ReadyFile : IDisposable
{
    private readonly string? _path;

    /// <summary>Removes the file that a killed program has left.</summary>
    /// <param name="file">The file; null for none.</param>
    /// <exception cref="InvalidOperationException">The file cannot be removed, or its directory is missing.</exception>
    public ReadyFile(FileInfo? file)
    {
        _path = file?.FullName;
        ApplyToFile(File.Delete);
    }

    /// <summary>Creates the file. Call it when the program is in its cluster.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be created.</exception>
    public void CreateFile() => ApplyToFile(path => PrivateFile.Replace(path).Dispose());

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            ApplyToFile(File.Delete);
        }
        catch (InvalidOperationException)
        {
            // Another user has replaced the file, or its directory is missing. The file no longer belongs to this program.
        }
    }

    private void ApplyToFile(Action<string> step)
    {
        if (_path is null)
            return;
        try
        {
            step(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"The ready file {_path} cannot be used: {exception.Message} Remove it, or choose another one (--ready-file).", exception);
        }
    }
}
