using System.Runtime.InteropServices;
using Actors.Messages.Storage;

namespace Actors.Messages.Executors;

/// <summary>
/// The progress of a worker as its node reads it: the file that the worker maps as <see cref="ExecutorProgress"/>. The node does not map
/// it. A job can truncate the file, and an access to mapped memory beyond the end of a file ends the process. Missing bytes count as zeros.
/// </summary>
public sealed class ProgressFile : IDisposable
{
    private readonly FileStream _file;

    private ProgressFile(FileStream file)
    {
        _file = file;
        Receipts = new ReceiptReader(file.SafeFileHandle, ExecutorProgress.FirstReceiptWord * sizeof(long));
    }

    /// <summary>The receipts of replies from managed objects.</summary>
    public ReceiptReader Receipts { get; }

    /// <inheritdoc cref="ExecutorProgress.LastBegun"/>
    public long LastBegun => ReadWord(ExecutorProgress.LastBegunWord);

    /// <inheritdoc cref="ExecutorProgress.BegunAt"/>
    public long BegunAt => ReadWord(ExecutorProgress.BegunAtWord);

    /// <inheritdoc cref="ExecutorProgress.LastEnded"/>
    public long LastEnded => ReadWord(ExecutorProgress.LastEndedWord);

    /// <inheritdoc cref="ExecutorProgress.Item"/>
    public long Item => ReadWord(ExecutorProgress.ItemWord);

    /// <summary>Creates the file. Call it before the process starts.</summary>
    /// <exception cref="StorageException">The file or its space could not be allocated.</exception>
    public static ProgressFile CreateFile(string path) => new(StorageDirectory.Temporary.CreateFile(path, ExecutorProgress.Length));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private long ReadWord(int word)
    {
        var value = 0L;
        try
        {
            _ = RandomAccess.Read(_file.SafeFileHandle, MemoryMarshal.AsBytes(new Span<long>(ref value)), word * sizeof(long));
        }
        catch (IOException)
        {
            // The disk fails. The end of the process must still be reported.
        }

        return value;
    }
}
