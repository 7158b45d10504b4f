using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Storage;
using Actors.Messages.Values;

namespace Actors.Executor.Jobs;

/// <summary>
/// Writes the result of a job for another machine: a small result to memory and a larger one to a file, so that no large result is in
/// memory twice.
/// </summary>
/// <param name="memory">The memory for small results.</param>
/// <param name="directory">The directory of the files.</param>
/// <param name="longest">The number of bytes that stay in memory.</param>
internal sealed class ResultWriter(FrameWriter memory, string directory, int longest = WireLimits.LargestInMessage) : IBlockWriter
{
    private long _job;
    private FileStream? _file;

    /// <summary>Whether the result was too large for memory.</summary>
    public bool IsInFile => _file is not null;

    /// <summary>Begins the result of a job.</summary>
    public void BeginResult(long job)
    {
        _file = null;
        _job = job;
    }

    /// <summary>Ends the result after all of it was written.</summary>
    public void EndResult()
    {
        if (_file is null)
            return;
        SpillToFile();
        _file.Dispose();
    }

    /// <summary>Discards the written bytes.</summary>
    public void DiscardResult()
    {
        memory.ClearFrames();
        if (_file is null)
            return;
        _file.Dispose();
        File.Delete(_file.Name);
        _file = null;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        memory.Advance(count);
        if (memory.Length > longest)
            SpillToFile();
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => memory.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => memory.GetSpan(sizeHint);

    /// <inheritdoc/>
    public void WriteBlock(ReadOnlySpan<byte> block)
    {
        if (_file is null && memory.Length + block.Length <= longest)
        {
            memory.WriteRaw(block);
            return;
        }

        SpillToFile();
        WriteToFile(block);
    }

    private void SpillToFile()
    {
        _file ??= CreateFile(PayloadPaths.GetResultPath(directory, _job));
        WriteToFile(memory.Written.Span);
        memory.ClearFrames();
    }

    private FileStream CreateFile(string path)
    {
        try
        {
            // The file needs no buffer, because the memory is its buffer.
            return PrivateFile.Replace(path, bufferSize: 0);
        }
        catch (Exception exception) when (StorageDirectory.IsStorageError(exception))
        {
            throw StorageDirectory.ForCache(directory).CreateException(exception, memory.Length);
        }
    }

    private void WriteToFile(ReadOnlySpan<byte> bytes)
    {
        if (_file!.Position + bytes.Length > WireLimits.LargestStored)
        {
            throw new PayloadTooLargeException(
                $"The result and its encoding take more than {WireLimits.LargestStored:N0} bytes (2 GiB), the limit of a result. Return "
                + "smaller parts, or a path.");
        }

        try
        {
            _file.Write(bytes);
        }
        catch (IOException exception)
        {
            throw StorageDirectory.ForCache(directory).CreateException(exception, _file.Length + bytes.Length);
        }
    }
}
