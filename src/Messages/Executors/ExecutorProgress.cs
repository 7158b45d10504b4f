using Actors.Messages.Storage;

namespace Actors.Messages.Executors;

/// <summary>
/// The progress of a worker, in a memory-mapped file that outlives its process. The worker records each begin and end of a job and each
/// received reply. The node reads the file (<see cref="ProgressFile"/>) after the process has died, or to measure how long a job has been
/// running. A message could be lost with the process; a store to memory cannot.
/// </summary>
public sealed unsafe class ExecutorProgress : IDisposable
{
    /// <summary>The length of the file in bytes.</summary>
    public const int Length = 4096;

    /// <summary>The value of <see cref="Item"/> after all items of a chunk, while their results are written.</summary>
    public const long ItemsEnded = -1;

    /// <summary>The position of <see cref="LastBegun"/> in the file, in 64-bit words.</summary>
    public const int LastBegunWord = 0;

    /// <summary>The position of <see cref="BegunAt"/>.</summary>
    public const int BegunAtWord = 1;

    /// <summary>The position of <see cref="LastEnded"/>.</summary>
    public const int LastEndedWord = 2;

    /// <summary>The position of <see cref="Item"/>.</summary>
    public const int ItemWord = 3;

    /// <summary>The position of <see cref="Receipts"/>.</summary>
    public const int FirstReceiptWord = 8;

    private readonly MappedBlock _block;
    private readonly long* _words;

    private ExecutorProgress(FileStream file)
    {
        _block = MappedBlock.MapFile(file, Length);
        _words = (long*)_block.Start;
        Receipts = new ReceiptRing(_words + FirstReceiptWord);
    }

    /// <summary>The receipts of replies from managed objects.</summary>
    public ReceiptRing Receipts { get; }

    /// <summary>The last job that began; 0 before the first.</summary>
    public long LastBegun => Volatile.Read(ref _words[LastBegunWord]);

    /// <summary>
    /// The time at which it began, by the machine's monotonic clock (<see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>).
    /// </summary>
    public long BegunAt => Volatile.Read(ref _words[BegunAtWord]);

    /// <summary>The last job that ended; 0 before the first, and while that job runs again.</summary>
    public long LastEnded => Volatile.Read(ref _words[LastEndedWord]);

    /// <summary>
    /// The running item of a chunk, from 1; 0 before the first and for other jobs; <see cref="ItemsEnded"/> after the last.
    /// </summary>
    public long Item => Volatile.Read(ref _words[ItemWord]);

    /// <summary>Opens the file, which the node has created.</summary>
    public static ExecutorProgress OpenFile(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));

    /// <summary>Records that the worker is about to call the function of a job.</summary>
    public void BeginJob(long job, long timestamp)
    {
        Volatile.Write(ref _words[ItemWord], 0);
        Volatile.Write(ref _words[BegunAtWord], timestamp);
        // A job whose outcome was lost may run here again.
        if (LastEnded == job)
            Volatile.Write(ref _words[LastEndedWord], 0);
        Volatile.Write(ref _words[LastBegunWord], job);
    }

    /// <summary>
    /// Records that the worker is about to call the function for an item, counted from 1, or has called it for the last one.
    /// </summary>
    public void BeginItem(long item) => Volatile.Write(ref _words[ItemWord], item);

    /// <summary>Records that the function has returned or thrown.</summary>
    public void EndJob(long job) => Volatile.Write(ref _words[LastEndedWord], job);

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();
}
