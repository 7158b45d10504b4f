using Actors.Remoting.Flow;
using Akka.Actor;

namespace Actors.Coordinator.Clients;

/// <summary>
/// The answers that were made for one client and that it has not received. Other answers refer to stored values, so any number of them
/// needs little memory while they wait for the connection. Thread-safe.
/// </summary>
/// <param name="usage">The usage of the client.</param>
public sealed class UnreadAnswers(ClientUsage usage)
{
    /// <summary>The bytes that a client may have even while all clients together use too much memory.</summary>
    public const long AlwaysPermitted = 1 << 20;

    private readonly Lock _access = new();
    private ReceiptWindow _window = CreateWindow(usage);
    private IActorRef _lastRecipient = ActorRefs.Nobody;

    /// <summary>Whether no further answers may be made. They are refused until the client has received earlier ones.</summary>
    public bool IsFull
    {
        get
        {
            lock (_access)
                return _window.IsFull || (_window.Unread > AlwaysPermitted && usage.IsTotalExceeded);
        }
    }

    /// <summary>The reason of a refusal.</summary>
    public string FormatRefusal() => usage.FormatRefusal(ClientResource.UnreadAnswers);

    /// <summary>Adds an answer after it was sent.</summary>
    /// <returns>The marker that must follow it; null for none.</returns>
    public AnswerMarker? Add(IActorRef recipient, long bytes)
    {
        lock (_access)
        {
            _lastRecipient = recipient;
            _window.Add(bytes);
            usage.Add(ClientResource.UnreadAnswers, bytes);
            return TakeDueMarker();
        }
    }

    /// <summary>The client has received a marker, and all answers before it.</summary>
    /// <returns>The next marker that must be sent; null for none.</returns>
    public AnswerMarker? OnReceived(long marker)
    {
        lock (_access)
        {
            var unread = _window.Unread;
            if (!_window.TryAcknowledge(marker))
                return null;
            usage.Add(ClientResource.UnreadAnswers, _window.Unread - unread);
            return TakeDueMarker();
        }
    }

    /// <summary>Forgets the answers of a client that has disconnected.</summary>
    public void Clear()
    {
        lock (_access)
        {
            usage.Add(ClientResource.UnreadAnswers, -_window.Unread);
            _window = CreateWindow(usage);
        }
    }

    private AnswerMarker? TakeDueMarker() =>
        _window.TakeDueMarker() is { } number ? new AnswerMarker(_lastRecipient, number, this) : null;

    // Every answer is marked at once, so that no bytes count long after their receipt.
    private static ReceiptWindow CreateWindow(ClientUsage usage) => new(usage.GetLimit(ClientResource.UnreadAnswers), unmarked: 0);
}

/// <summary>A marker that follows answers to a client.</summary>
/// <param name="Recipient">The actor that received the last answer.</param>
/// <param name="Number">The random number.</param>
/// <param name="Answers">The answers.</param>
public sealed record AnswerMarker(IActorRef Recipient, long Number, UnreadAnswers Answers);
