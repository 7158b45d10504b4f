using System.Runtime.CompilerServices;

namespace Actors.Messages.Storage;

/// <summary>
/// Unmaps the shared memory that jobs of this process have attached. Mapped memory puts no pressure on the garbage collector, so a worker
/// requests collections: before it calls a function, and after it was idle for a while. Then blocks that only ended jobs have used are
/// unmapped, unless an object still refers to them. Blocks that are referenced, for example by a static field, are left to the finalizer.
/// Thread-safe.
/// </summary>
public static class AttachedMemory
{
    /// <summary>The least memory for which a collection is requested. Many small blocks are a reason too.</summary>
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

    /// <summary>The number of begins and ends of jobs.</summary>
    public static long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Whether this process runs jobs, one at a time.</summary>
    public static bool IsWorker => _isWorker;

    /// <summary>Marks this process as one that runs jobs.</summary>
    public static void BecomeWorker() => _isWorker = true;

    /// <summary>Registers an attached block.</summary>
    public static BlockUse AddBlock(AttachedBlock block, MappedBlock mapping)
    {
        var use = new BlockUse(new WeakReference<AttachedBlock>(block), mapping) { Epoch = Epoch };
        if (!_isWorker)
            return use;
        lock (Access)
            Uses.Add(use);
        return use;
    }

    /// <summary>Records that the running job uses an attached block.</summary>
    public static void MarkUsed(AttachedBlock block) => block.Use.Epoch = Epoch;

    /// <summary>Records that the running job uses the memory through spans, which the garbage collector does not see.</summary>
    public static void PinBlock(AttachedBlock block)
    {
        lock (Access)
            Pinned.Add(block);
        MarkUsed(block);
    }

    /// <summary>Removes that record.</summary>
    public static void UnpinBlock(AttachedBlock block)
    {
        lock (Access)
            Pinned.Remove(block);
    }

    /// <summary>Removes a block that is no longer mapped.</summary>
    public static void RemoveUse(BlockUse use)
    {
        if (!_isWorker)
            return;
        lock (Access)
            Uses.Remove(use);
    }

    /// <summary>Records the begin of a job, before its arguments are read.</summary>
    public static void BeginJob()
    {
        Volatile.Write(ref _isRunning, true);
        Interlocked.Increment(ref _epoch);
    }

    /// <summary>Unmaps unused memory before the function is called, so that it does not count toward the memory of the job.</summary>
    public static void BeginFunction()
    {
        if (Uses.Count == 0)
            return;
        lock (Access)
            ReleaseUnused(Epoch);
    }

    /// <summary>Records the end of a job. Its spans no longer exist.</summary>
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

    /// <summary>A separate method, because a reference in the caller would keep the block alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int GetGeneration(BlockUse use) => use.Block.TryGetTarget(out var block) ? GC.GetGeneration(block) : 0;

    /// <summary>A block, and the last job that used it.</summary>
    /// <param name="block">The block, unless it was collected.</param>
    /// <param name="mapping">Its memory.</param>
    public sealed class BlockUse(WeakReference<AttachedBlock> block, MappedBlock mapping)
    {
        private long _epoch;

        public WeakReference<AttachedBlock> Block => block;

        public MappedBlock Mapping => mapping;

        /// <summary>The epoch of the last use.</summary>
        public long Epoch { get => Volatile.Read(ref _epoch); set => Volatile.Write(ref _epoch, value); }

        /// <summary>Whether an object that outlives the job refers to the block.</summary>
        public bool IsReferenced { get; set; }
    }
}
