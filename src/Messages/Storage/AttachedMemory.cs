using System.Runtime.CompilerServices;

namespace Actors.Messages.Storage;

/// <summary>
/// The shared memory that jobs of this process have attached. Mapped memory does not press the garbage collector, so a worker asks it:
/// before a function is called, and when the worker has been idle for a while, blocks that only ended jobs have used are unmapped if
/// nothing refers to them. Blocks that are still referred to, by a static field for example, are left to the finalizer from then on.
/// Thread-safe.
/// </summary>
internal static class AttachedMemory
{
    /// <summary>Less than this is not worth a collection, unless it is many blocks.</summary>
    private const long MinCollectedBytes = 1 << 20;

    private const int MinCollectedBlocks = 64;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(1);

    private static readonly Lock Access = new();
    private static readonly HashSet<BlockUse> Uses = [];
    private static readonly HashSet<AttachedBlock> Pinned = [];
    private static Timer? _idle;
    private static long _epoch;
    private static bool _isWorker;
    private static bool _isRunning;

    /// <summary>Changes with every begin and end of a job.</summary>
    public static long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Whether this process runs jobs, one at a time.</summary>
    public static bool IsWorker => _isWorker;

    /// <summary>This process runs jobs from now on.</summary>
    public static void BecomeWorker() => _isWorker = true;

    /// <summary>A block was attached.</summary>
    public static BlockUse AddBlock(AttachedBlock block, MappedBlock mapping)
    {
        var use = new BlockUse(new WeakReference<AttachedBlock>(block), mapping) { Epoch = Epoch };
        if (!_isWorker)
            return use;
        lock (Access)
            Uses.Add(use);
        return use;
    }

    /// <summary>The running job uses a block that was attached before.</summary>
    public static void MarkUsed(AttachedBlock block) => block.Use.Epoch = Epoch;

    /// <summary>The running job uses its memory in ways that the garbage collector does not see.</summary>
    public static void PinBlock(AttachedBlock block)
    {
        lock (Access)
            Pinned.Add(block);
        MarkUsed(block);
    }

    /// <summary>It is not used so any more.</summary>
    public static void UnpinBlock(AttachedBlock block)
    {
        lock (Access)
            Pinned.Remove(block);
    }

    /// <summary>It is not mapped any more.</summary>
    public static void RemoveUse(BlockUse use)
    {
        if (!_isWorker)
            return;
        lock (Access)
            Uses.Remove(use);
    }

    /// <summary>A job begins: its arguments are read next.</summary>
    public static void BeginJob()
    {
        Volatile.Write(ref _isRunning, true);
        Interlocked.Increment(ref _epoch);
    }

    /// <summary>The arguments are read, and the function is called next: memory that it does not use must not count as its own.</summary>
    public static void BeginFunction()
    {
        if (Uses.Count == 0)
            return;
        lock (Access)
            ReleaseUnused(Epoch);
    }

    /// <summary>The job has ended: there are no spans of it any more.</summary>
    public static void EndJob()
    {
        Volatile.Write(ref _isRunning, false);
        Interlocked.Increment(ref _epoch);
        if (Uses.Count == 0)
            return;
        lock (Access)
        {
            Pinned.Clear();
            _idle ??= new Timer(_ => ReleaseIfIdle());
            _idle.Change(IdleTime, Timeout.InfiniteTimeSpan);
        }
    }

    private static void ReleaseIfIdle()
    {
        lock (Access)
        {
            if (!Volatile.Read(ref _isRunning))
                ReleaseUnused(Epoch);
        }
    }

    private static void ReleaseUnused(long epoch)
    {
        var old = Uses.Where(use => use.Epoch < epoch && !use.IsReferenced).ToList();
        if (old.Count == 0 || (old.Count < MinCollectedBlocks && old.Sum(use => use.Mapping.Length) < MinCollectedBytes))
            return;
        GC.Collect(old.Max(GetGeneration), GCCollectionMode.Forced, blocking: true);
        foreach (var use in old)
        {
            use.IsReferenced = use.Block.TryGetTarget(out _);
            if (use.IsReferenced)
                continue;
            use.Mapping.Dispose();
            Uses.Remove(use);
        }
    }

    /// <summary>In a method of its own: a reference in the caller would keep the block alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int GetGeneration(BlockUse use) => use.Block.TryGetTarget(out var block) ? GC.GetGeneration(block) : 0;

    /// <summary>A block, and the last job that used it.</summary>
    /// <param name="block">The block, unless it was collected.</param>
    /// <param name="mapping">Its memory.</param>
    internal sealed class BlockUse(WeakReference<AttachedBlock> block, MappedBlock mapping)
    {
        private long _epoch;

        public WeakReference<AttachedBlock> Block => block;

        public MappedBlock Mapping => mapping;

        /// <summary>When it was last used.</summary>
        public long Epoch { get => Volatile.Read(ref _epoch); set => Volatile.Write(ref _epoch, value); }

        /// <summary>Something other than a job refers to it.</summary>
        public bool IsReferenced { get; set; }
    }
}
