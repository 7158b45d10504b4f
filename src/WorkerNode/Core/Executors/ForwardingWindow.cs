using Actors.Remoting.Flow;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Limits the messages about managed objects that a worker causes and that the coordinator has not handled. The connections between
/// machines and the mailboxes have no limit of their own. The receiving thread waits at the limit, so the socket of a worker that sends
/// more becomes full, and the worker waits too. Thread-safe.
/// </summary>
/// <param name="sendMarker">
/// Sends a marker with a number after the messages so far. When the coordinator has answered it, <see cref="OnHandled"/> is called.
/// </param>
public sealed class ForwardingWindow(Action<long> sendMarker) : IDisposable
{
    /// <summary>
    /// The bytes of messages that the coordinator has not handled. One larger message may exceed it. Small, because heartbeats of the node
    /// wait behind the messages of all its workers.
    /// </summary>
    public const long Size = 2 << 20;

    /// <summary>The bytes that a message counts besides its values, for the work of the coordinator.</summary>
    public const int MessageOverhead = 4 << 10;

    /// <summary>The time after which an unanswered marker is sent again, because a message may be lost.</summary>
    private static readonly TimeSpan MarkerTimeout = TimeSpan.FromSeconds(1);

    private readonly object _access = new();
    private readonly MarkerWindow _window = new(Size);
    private bool _isClosed;

    /// <summary>Adds a message that was sent.</summary>
    /// <param name="bytes">The bytes of its values.</param>
    public void AddMessage(long bytes) => Update(() => _window.Add(MessageOverhead + bytes));

    /// <summary>The coordinator has handled the messages before a marker.</summary>
    /// <param name="marker">The number of the marker.</param>
    public void OnHandled(long marker) => Update(() =>
    {
        if (_window.TryAcknowledge(marker))
            Monitor.PulseAll(_access);
    });

    /// <summary>Waits until there is room for another message.</summary>
    public void WaitForRoom()
    {
        while (!TryWaitForRoom())
            Update(_window.ForgetMarker);
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

    /// <returns>False when the marker was not answered in time.</returns>
    private bool TryWaitForRoom()
    {
        lock (_access)
        {
            while (_window.IsFull && !_isClosed)
            {
                if (!Monitor.Wait(_access, MarkerTimeout))
                    return false;
            }

            return true;
        }
    }

    /// <summary>
    /// Changes the numbers, and sends a marker if one is due. The marker is sent without the lock, because its actor may run at once.
    /// </summary>
    private void Update(Action change)
    {
        long? marker;
        lock (_access)
        {
            change();
            marker = _isClosed ? null : _window.TakeDueMarker();
        }

        if (marker is { } number)
            sendMarker(number);
    }
}
