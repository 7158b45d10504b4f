namespace Actors.Testing;

/// <summary>
/// The messages of one direction of a connection that repeats lost messages, drops duplicates and keeps the order, as TCP: a message that
/// arrives early waits for those before it.
/// </summary>
internal sealed class ReliableStream
{
    private readonly Queue<Message> _undelivered = new();

    /// <summary>Adds a message that is sent now.</summary>
    /// <param name="deliver">Delivers it.</param>
    /// <returns>To be called when it arrives.</returns>
    public Action AddMessage(Action deliver)
    {
        var message = new Message(deliver);
        _undelivered.Enqueue(message);
        return () =>
        {
            message.HasArrived = true;
            while (_undelivered.TryPeek(out var next) && next.HasArrived)
                _undelivered.Dequeue().Deliver();
        };
    }

    private sealed class Message(Action deliver)
    {
        public Action Deliver => deliver;

        public bool HasArrived { get; set; }
    }
}
