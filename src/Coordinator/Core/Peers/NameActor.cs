using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Peers;

/// <summary>
/// One name of managed objects, for all coordinators. The owner of the object stores the name, and removes it with the object. This actor
/// has no state. It is the only one for its name and handles one request at a time, so two objects never get the same name.
/// </summary>
public sealed class NameActor : HandlerActor
{
    private static readonly TimeSpan AnswerTimeout = ProtocolTimes.NameAnswer;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly PeersProtocol.PeerCoordinator _self;
    private readonly IActorRef _peers;

    /// <param name="self">This coordinator.</param>
    /// <param name="peers">The actor that knows the other coordinators.</param>
    public NameActor(PeersProtocol.PeerCoordinator self, IActorRef peers)
    {
        (_self, _peers) = (self, peers);
        ReceiveAsync<ObjectProtocol.PublishObject>(async publish =>
        {
            var sender = Sender;
            sender.Tell(await PublishNameAsync(publish).ConfigureAwait(false));
        });
        ReceiveAsync<ObjectProtocol.FindNamedObject>(async find =>
        {
            var sender = Sender;
            sender.Tell(await FindNameAsync(find.Name).ConfigureAwait(false));
        });
    }

    private async Task<ObjectProtocol.NamedObjectReply> PublishNameAsync(ObjectProtocol.PublishObject publish)
    {
        if (publish.Proxy.IsEmpty)
            return await AskAllAsync(publish.Name, publish with { IsLocalOnly = true }).ConfigureAwait(false);
        var named = await FindNameAsync(publish.Name).ConfigureAwait(false);
        if (!named.Proxy.IsEmpty || publish.Objects.IsEmpty)
            return named;
        var peers = await GetPeersAsync().ConfigureAwait(false);
        return peers.Known.FirstOrDefault(peer => peer.Number == publish.Objects[0].CoordinatorNumber) is { } owner
            ? await PeerAsk.AskAsync<ObjectProtocol.NamedObjectReply>(
                owner.Coordinator, publish with { IsLocalOnly = true }, AnswerTimeout).ConfigureAwait(false)
            : named;
    }

    private Task<ObjectProtocol.NamedObjectReply> FindNameAsync(string name) =>
        AskAllAsync(name, new ObjectProtocol.FindNamedObject(name, IsLocalOnly: true));

    /// <summary>
    /// Asks all coordinators for a name. The name is free only if every coordinator says so: one that does not answer is asked until it
    /// answers or is removed.
    /// </summary>
    /// <returns>The object with the name. Empty if the name is free.</returns>
    private async Task<ObjectProtocol.NamedObjectReply> AskAllAsync(string name, object question)
    {
        while (true)
        {
            var peers = await GetPeersAsync().ConfigureAwait(false);
            var answers = await Task.WhenAll(peers.Known.Select(peer => TryAskAsync(peer.Coordinator, question))).ConfigureAwait(false);
            if (answers.FirstOrDefault(answer => answer is { Proxy.IsEmpty: false }) is { } found)
                return found;
            if (peers.IsComplete && !answers.Contains(null))
                return new ObjectProtocol.NamedObjectReply(name, "", default);
            await Task.Delay(RetryPause).ConfigureAwait(false);
        }
    }

    private static async Task<ObjectProtocol.NamedObjectReply?> TryAskAsync(IActorRef coordinator, object question)
    {
        try
        {
            return await PeerAsk.AskAsync<ObjectProtocol.NamedObjectReply>(coordinator, question, AnswerTimeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private async Task<PeersProtocol.PeersReply> GetPeersAsync()
    {
        var others = await _peers.Ask<PeersProtocol.PeersReply>(PeersProtocol.GetPeers.Instance, AnswerTimeout).ConfigureAwait(false);
        return others with { Known = [_self, .. others.Known] };
    }
}
