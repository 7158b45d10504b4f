namespace Actors.Messages.Delivery;

/// <summary>
/// The messages of one sender that its receiver has not acknowledged, numbered from 1. An acknowledgment is cumulative: it names the last
/// message of
/// which all before have arrived too. Not thread-safe.
/// </summary>
/// <typeparam name="T">The type of the messages.</typeparam>
internal sealed class UnacknowledgedMessages<T>
{
    private readonly Queue<T> _messages = new();

    /// <summary>The number of the last message; 0 before the first.</summary>
    public long Last { get; private set; }

    /// <summary>The number of the last acknowledged message.</summary>
    public long Acknowledged => Last - _messages.Count;

    /// <summary>The unacknowledged messages, in their order.</summary>
    public IReadOnlyCollection<T> All => _messages;

    /// <summary>Keeps the message with the number <c>Last + 1</c>.</summary>
    public void Add(T message)
    {
        Last++;
        _messages.Enqueue(message);
    }

    /// <summary>Drops the messages up to this number. An old acknowledgment changes nothing.</summary>
    public void Acknowledge(long number)
    {
        while (_messages.Count > 0 && Acknowledged < number)
            _messages.Dequeue();
    }

    /// <summary>Begins anew with another receiver.</summary>
    public void Clear()
    {
        _messages.Clear();
        Last = 0;
    }
}
