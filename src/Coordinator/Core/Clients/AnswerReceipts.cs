using System.Collections.Concurrent;
using Akka.Actor;

namespace Actors.Coordinator.Clients;

/// <summary>
/// Limits the memory of answers that are made anew for each request. A client that sends requests and does not read the answers would fill
/// the memory otherwise. A marker follows the answers (<see cref="Identify"/>), which each actor of a program answers by itself.
/// Thread-safe.
/// </summary>
public sealed class AnswerReceipts : IExtension
{
    private readonly ConcurrentDictionary<long, AnswerMarker> _markers = [];
    private volatile IActorRef? _receiver;

    /// <summary>Gets the receipts of an actor system.</summary>
    public static AnswerReceipts Of(ActorSystem system) => system.WithExtension<AnswerReceipts, AnswerReceiptsProvider>();

    /// <summary>Finds the unread answers of the program of an actor. Null if it has no limits.</summary>
    public static UnreadAnswers? FindUnread(ActorSystem system, IActorRef actor) => ClientUsages.FindUsage(system, actor)?.Unread;

    /// <summary>Sends an answer, unless too many earlier ones are unread.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="recipient">The actor that receives the answer.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="bytes">The bytes that were made for it.</param>
    /// <param name="sender">The sender of the answer.</param>
    /// <returns>Whether it was sent.</returns>
    public static bool TrySend(ActorSystem system, IActorRef recipient, object answer, long bytes, IActorRef sender)
    {
        var unread = FindUnread(system, recipient);
        if (unread is { IsFull: true })
            return false;
        recipient.Tell(answer, sender);
        if (unread is not null)
            Of(system).SendMarker(unread.Add(recipient, bytes));
        return true;
    }

    /// <summary>Adds an answer that the current actor has sent.</summary>
    public static void AddSent(ActorSystem system, IActorRef recipient, long bytes)
    {
        if (FindUnread(system, recipient) is { } unread)
            Of(system).SendMarker(unread.Add(recipient, bytes));
    }

    /// <summary>Sets the actor that receives the answers to markers.</summary>
    public void SetReceiver(IActorRef receiver) => _receiver = receiver;

    /// <summary>A program has answered a marker.</summary>
    public void OnReceived(object? marker)
    {
        if (marker is long number && _markers.TryRemove(number, out var received))
            SendMarker(received.Answers.OnReceived(number));
    }

    /// <summary>Forgets the answers to the programs at an address.</summary>
    public void RemoveClient(Address address)
    {
        foreach (var (number, marker) in _markers.Where(entry => entry.Value.Recipient.Path.Address.Equals(address)))
        {
            if (_markers.TryRemove(number, out _))
                marker.Answers.Clear();
        }
    }

    private void SendMarker(AnswerMarker? marker)
    {
        if (marker is null || _receiver is not { } receiver)
            return;
        _markers[marker.Number] = marker;
        marker.Recipient.Tell(new Identify(marker.Number), receiver);
    }

    private sealed class AnswerReceiptsProvider : ExtensionIdProvider<AnswerReceipts>
    {
        public override AnswerReceipts CreateExtension(ExtendedActorSystem system) => new();
    }
}
