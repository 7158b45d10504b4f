namespace Actors.Messages.Delivery;

/// <summary>
/// The messages of a sender that its receiver has not acknowledged, numbered from 1. Acknowledgments are cumulative: the number of a
/// message acknowledges all messages up to it. Not thread-safe.
/// </summary>
/// <typeparam name="T">The type of the messages.</typeparam>
public sealed class UnacknowledgedMessages<T>
{
    private readonly Queue<T> _messages = new();

    /// <summary>The number of the last message; 0 before the first.</summary>
    public long Last { get; private set; }

    /// <summary>The number of the last acknowledged message.</summary>
    public long Acknowledged => Last - _messages.Count;

    /// <summary>The unacknowledged messages, in their order.</summary>
    public IReadOnlyCollection<T> All => _messages;

    /// <summary>Adds the message with the number <c>Last + 1</c>.</summary>
    public void Add(T message)
    {
        Last++;
        _messages.Enqueue(message);
    }

    /// <summary>Removes the messages up to a number. An old acknowledgment has no effect.</summary>
    public void Acknowledge(long number)
    {
        while (_messages.Count > 0 && Acknowledged < number)
            _messages.Dequeue();
    }

    /// <summary>Resets the numbers for another receiver.</summary>
    public void Clear()
    {
        _messages.Clear();
        Last = 0;
    }
}
