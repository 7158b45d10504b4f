using System.Net;

namespace Actors.Remoting.Transport;

/// <summary>
/// Limits the memory for large frames that have not arrived completely, of all connections of clients and nodes together. Above the limit a
/// frame waits, and its connection is not read meanwhile. One network gets at most half of the memory. A peer that announces a frame and
/// does not send it must not hold up others, so its connection is closed while others wait. Thread-safe.
/// </summary>
/// <param name="limit">The limit in bytes. At least twice the longest frame.</param>
/// <param name="time">The clock.</param>
/// <param name="scheduleCheck">Calls an action after a second.</param>
public sealed class PartialFrames(long limit, TimeProvider time, Action<Action> scheduleCheck)
{
    /// <summary>Frames up to this length need no reservation.</summary>
    public const int SmallFrame = 64 << 10;

    /// <summary>The time that a frame may take while others wait, besides that for its bytes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The bytes a second of the slowest peer that others wait for.</summary>
    public const double SlowestRate = 1 << 20;

    private readonly Lock _access = new();
    private readonly LinkedList<PartialFrame> _held = [];
    private readonly LinkedList<PartialFrame> _waiting = [];
    private readonly Dictionary<IPAddress, long> _networks = [];
    private long _total;
    private bool _isCheckScheduled;

    /// <summary>The announced bytes of the frames that may arrive.</summary>
    public long Total
    {
        get
        {
            lock (_access)
                return _total;
        }
    }

    /// <summary>Adds a frame.</summary>
    /// <returns>Whether the rest may arrive now. Otherwise the frame is told when it may.</returns>
    public bool TryAdd(PartialFrame frame)
    {
        lock (_access)
        {
            _waiting.AddLast(frame);
            if (TakeFitting() is [])
                ScheduleCheck();
            return frame.HasRoom;
        }
    }

    /// <summary>Removes a frame that has arrived, or whose connection has ended.</summary>
    public void Remove(PartialFrame frame)
    {
        IReadOnlyList<PartialFrame> fitting;
        lock (_access)
        {
            if (_held.Remove(frame))
                Count(frame, -frame.Length);
            else
                _waiting.Remove(frame);
            fitting = TakeFitting();
        }

        foreach (var waiting in fitting)
            waiting.OnRoom();
    }

    /// <summary>Closes the connections of frames that take too long while others wait.</summary>
    public void CloseLate()
    {
        List<PartialFrame> late = [];
        lock (_access)
        {
            _isCheckScheduled = false;
            if (_waiting.Count > 0)
            {
                late = [.. _held.Where(IsLate)];
                ScheduleCheck();
            }
        }

        late.ForEach(frame => frame.Close());
    }

    private bool IsLate(PartialFrame frame) =>
        time.GetElapsedTime(frame.Began) > Patience + TimeSpan.FromSeconds(frame.Length / SlowestRate);

    /// <summary>Reserves memory in the order of arrival. Only frames of a network that has its half are overtaken.</summary>
    private List<PartialFrame> TakeFitting()
    {
        var fitting = new List<PartialFrame>();
        for (var node = _waiting.First; node is not null;)
        {
            var (frame, next) = (node.Value, node.Next);
            if (_networks.GetValueOrDefault(frame.Network) + frame.Length <= limit / 2)
            {
                if (_total + frame.Length > limit)
                    break;
                _waiting.Remove(node);
                Hold(frame);
                fitting.Add(frame);
            }

            node = next;
        }

        return fitting;
    }

    private void Hold(PartialFrame frame)
    {
        (frame.HasRoom, frame.Began) = (true, time.GetTimestamp());
        _held.AddLast(frame);
        Count(frame, frame.Length);
    }

    private void Count(PartialFrame frame, long change)
    {
        _total += change;
        if ((_networks[frame.Network] = _networks.GetValueOrDefault(frame.Network) + change) == 0)
            _networks.Remove(frame.Network);
    }

    private void ScheduleCheck()
    {
        if (_isCheckScheduled)
            return;
        _isCheckScheduled = true;
        scheduleCheck(CloseLate);
    }
}
