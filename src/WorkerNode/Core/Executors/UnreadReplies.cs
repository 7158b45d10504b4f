namespace Actors.WorkerNode.Executors;

/// <summary>
/// The answers to calls on managed objects that a process has not read. Its further frames are read slowly meanwhile, so that a process
/// that calls and never reads does not fill the memory of the node. Thread-safe.
/// </summary>
/// <param name="isLimited">Whether a process ends above the limit.</param>
public sealed class UnreadReplies(bool isLimited) : IDisposable
{
    /// <summary>The bytes above which each further frame waits.</summary>
    public const long SlowAbove = 64L << 20;

    /// <summary>The greatest number of bytes.</summary>
    public const long Limit = 512L << 20;

    /// <summary>
    /// The longest wait for one frame. Not longer, because a process of this library may send a frame before it reads.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly object _access = new();
    private long _bytes;
    private bool _isClosed;

    /// <summary>Adds the bytes of an answer, or removes those that were read as a negative number.</summary>
    public void Add(long bytes)
    {
        lock (_access)
        {
            _bytes += bytes;
            if (bytes < 0)
                Monitor.PulseAll(_access);
        }
    }

    /// <summary>Waits until the process has read most answers, at most for a second.</summary>
    /// <exception cref="InvalidDataException">The process does not read.</exception>
    public void WaitForReader()
    {
        lock (_access)
        {
            if (isLimited && _bytes > Limit)
                throw new InvalidDataException("The worker does not read the answers to its calls on managed objects.");
            while (_bytes > SlowAbove && !_isClosed && Monitor.Wait(_access, LongestWait))
            {
            }
        }
    }

    /// <summary>Ends the waiting.</summary>
    public void Dispose()
    {
        lock (_access)
        {
            _isClosed = true;
            Monitor.PulseAll(_access);
        }
    }
}
