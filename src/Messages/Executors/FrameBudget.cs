using System.Diagnostics;

namespace Actors.Messages.Executors;

/// <summary>
/// Limits the memory for the large frames that a node receives from all its workers together. A frame that does not fit waits until others
/// were processed; its worker is not read meanwhile. A worker that announces a frame and does not send it must not hold up the others, so
/// its frame is abandoned. Thread-safe.
/// </summary>
/// <param name="limit">The limit in bytes.</param>
/// <param name="patience">The time that a frame may take while others wait, besides a second for every 100 MiB.</param>
public sealed class FrameBudget(long limit, TimeSpan patience)
{
    /// <summary>The part of the memory of a node.</summary>
    private const int MemoryParts = 2;

    /// <summary>The least bytes a second. A worker copies its frame from memory, which is much faster.</summary>
    private const double SlowestRate = 100 << 20;

    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    private readonly Lock _turn = new();
    private readonly object _access = new();
    private readonly LinkedList<Reservation> _oldestFirst = new();
    private long _reserved;

    /// <summary>Creates the budget of a node: half of the memory that the process may use.</summary>
    public static FrameBudget CreateDefault() => new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryParts, DefaultPatience);

    /// <summary>Waits for room for a frame.</summary>
    /// <param name="length">The bytes of the frame.</param>
    /// <param name="abandon">Called when the frame takes too long. Another thread waits for its bytes then.</param>
    /// <exception cref="InvalidDataException">The frame is larger than the limit.</exception>
    public Reservation Reserve(int length, Action abandon)
    {
        if (length > limit)
        {
            throw new InvalidDataException(
                $"A frame announces {length} bytes, and this node has memory for {limit}. Return less, or give the node more memory.");
        }

        // One frame at a time waits for room. Otherwise smaller ones would overtake it again and again.
        lock (_turn)
        {
            lock (_access)
            {
                while (_reserved + length > limit)
                    WaitForRoom();
                _reserved += length;
                var reservation = new Reservation(this, length, abandon);
                _oldestFirst.AddLast(reservation);
                return reservation;
            }
        }
    }

    private void WaitForRoom()
    {
        var late = _oldestFirst.FirstOrDefault(held => !held.IsAbandoned && held.TimeLeft(patience) <= TimeSpan.Zero);
        if (late is not null)
        {
            late.Abandon();
            return;
        }

        // A frame may have become late since the check.
        var left = _oldestFirst.Where(held => !held.IsAbandoned).Select(held => held.TimeLeft(patience))
            .Select(time => time > TimeSpan.Zero ? time : TimeSpan.Zero).DefaultIfEmpty(Timeout.InfiniteTimeSpan).Min();
        Monitor.Wait(_access, left);
    }

    private void Release(Reservation reservation)
    {
        lock (_access)
        {
            if (!_oldestFirst.Remove(reservation))
                return;
            _reserved -= reservation.Length;
            Monitor.PulseAll(_access);
        }
    }

    /// <summary>The memory of one frame. Disposing it ends the reservation.</summary>
    public sealed class Reservation(FrameBudget budget, int length, Action abandon) : IDisposable
    {
        private readonly long _began = Stopwatch.GetTimestamp();
        private volatile bool _hasArrived;
        private volatile bool _isAbandoned;

        /// <summary>The bytes of the frame.</summary>
        public int Length { get; } = length;

        /// <summary>Whether the frame took too long.</summary>
        public bool IsAbandoned => _isAbandoned;

        /// <summary>All bytes have arrived. The frame is processed now, which the worker cannot delay.</summary>
        public void SetArrived() => _hasArrived = true;

        /// <inheritdoc/>
        public void Dispose() => budget.Release(this);

        public TimeSpan TimeLeft(TimeSpan patience) => _hasArrived
            ? patience
            : patience + TimeSpan.FromSeconds(Length / SlowestRate) - Stopwatch.GetElapsedTime(_began);

        public void Abandon()
        {
            _isAbandoned = true;
            abandon();
        }
    }
}
