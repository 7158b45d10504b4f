using Actors.Messages.Storage;

namespace Actors.Messages.Executors;

/// <summary>
/// What an executor is doing, in a few words of memory that outlive it: it notes each job as it begins and ends, its node reads
/// them when the process has died, or to see how long a job has been running; and each answer that it received. Exact at the cost of a
/// few stores, where a message could be lost with the process.
/// </summary>
internal sealed unsafe class ExecutorProgress : IDisposable
{
    /// <summary>The length of the file in bytes.</summary>
    public const int Length = 4096;

    /// <summary>All items of the chunk have run; their results are being written.</summary>
    public const long ItemsEnded = -1;

    private const int FirstReceiptWord = 8;

    private readonly MappedBlock _block;
    private readonly long* _words;

    private ExecutorProgress(FileStream file)
    {
        _block = MappedBlock.MapFile(file, Length);
        _words = (long*)_block.Start;
        Receipts = new ReceiptRing(_words + FirstReceiptWord, Length / sizeof(long) - FirstReceiptWord);
    }

    /// <summary>The answers of managed objects that the process has in hand.</summary>
    public ReceiptRing Receipts { get; }

    /// <summary>The last job that began; 0 before the first.</summary>
    public long LastBegun => Volatile.Read(ref _words[0]);

    /// <summary>When it began, on the machine's monotonic clock (<see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>).</summary>
    public long BegunAt => Volatile.Read(ref _words[1]);

    /// <summary>The last job that ended; 0 before the first.</summary>
    public long LastEnded => Volatile.Read(ref _words[2]);

    /// <summary>
    /// The item of a map's chunk that runs, counted from 1; 0 before the first and for other jobs, <see cref="ItemsEnded"/> after the last.
    /// </summary>
    public long Item => Volatile.Read(ref _words[3]);

    /// <summary>The node makes the file before the process starts.</summary>
    /// <exception cref="StorageException">The file or its space cannot be had.</exception>
    public static ExecutorProgress CreateFile(string path) => new(StorageDirectory.Temporary.CreateFile(path, Length));

    /// <summary>The process opens it.</summary>
    public static ExecutorProgress OpenFile(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));

    /// <summary>The executor is about to call the function of this job.</summary>
    public void BeginJob(long job, long timestamp)
    {
        Volatile.Write(ref _words[3], 0);
        Volatile.Write(ref _words[1], timestamp);
        Volatile.Write(ref _words[0], job);
    }

    /// <summary>The executor is about to call the function for this item, counted from 1, or has called it for the last.</summary>
    public void BeginItem(long item) => Volatile.Write(ref _words[3], item);

    /// <summary>The function has returned or thrown.</summary>
    public void EndJob(long job) => Volatile.Write(ref _words[2], job);

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();
}
