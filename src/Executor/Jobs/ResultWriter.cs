using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Storage;
using Actors.Messages.Values;

namespace Actors.Executor.Jobs;

/// <summary>
/// Where the result of a job is written that goes to another machine: in memory while it is small, and from then on in a file, so that a large one is never there
/// twice.
/// </summary>
/// <param name="memory">Keeps what is small.</param>
/// <param name="directory">Where the files are made.</param>
/// <param name="longest">How many bytes stay in memory.</param>
internal sealed class ResultWriter(FrameWriter memory, string directory, int longest = WireLimits.LargestInMessage) : IBlockWriter
{
    private long _job;
    private FileStream? _file;

    /// <summary>It was too large for memory.</summary>
    public bool IsInFile => _file is not null;

    /// <summary>A result begins; the one before is done with.</summary>
    public void BeginResult(long job)
    {
        _file = null;
        _job = job;
    }

    /// <summary>All of it is written.</summary>
    public void EndResult()
    {
        if (_file is null)
            return;
        SpillToFile();
        _file.Dispose();
    }

    /// <summary>What was written is of no use.</summary>
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
            // The memory is its own buffer: the file needs none.
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
            throw new PayloadTooLargeException($"The result and its encoding take more than {WireLimits.LargestStored:N0} bytes (2 GiB), which is the most that travels. Return smaller parts, or a path.");
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
