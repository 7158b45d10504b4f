using System.Text;
using Actors.Remoting.Access;
using Actors.Remoting.Flow;
using Akka.Actor;
using Akka.Remote.Transport;

namespace Actors.Remoting.Transport;

/// <summary>
/// Sends markers to the recipients of a connection. A marker takes the way of the peer's own messages through the framework's actors and
/// mailboxes, so it cannot overtake them. It is an <see cref="Identify"/>, which every actor answers; the framework answers for actors that
/// have ended.
/// </summary>
public sealed class HandledMarkers : MinimalActorRef
{
    private readonly ExtendedActorSystem _system;
    private readonly Action<long> _onHandled;
    private readonly string _own;

    /// <param name="system">The actor system.</param>
    /// <param name="address">The address of this program, as the transport below has it.</param>
    /// <param name="onHandled">Called with the number of an answered marker, on the thread of its recipient.</param>
    public HandledMarkers(ExtendedActorSystem system, Address address, Action<long> onHandled)
    {
        (_system, _onHandled, _own) = (system, onHandled, $"akka.{address}");
        Path = Provider.TempPath().Parent / RandomName.NewName("markers");
        Provider.RegisterTempActor(this, Path);
    }

    /// <inheritdoc/>
    public override ActorPath Path { get; }

    /// <inheritdoc/>
    public override IActorRefProvider Provider => _system.Provider;

    /// <summary>Ends the answers.</summary>
    public void Unregister() => Provider.UnregisterTempActor(Path);

    /// <summary>Delivers markers as if they came from the connection.</summary>
    public void Deliver(UnhandledMessages.Markers markers, IHandleEventListener upstream)
    {
        var identify = new Identify(markers.Number);
        var serializer = _system.Serialization.FindSerializerFor(identify);
        var payload = EnvelopeWriter.CreatePayload(
            serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, identify), serializer.ToBinary(identify));
        var sender = _own + Path.ToStringWithoutAddress();
        foreach (var recipient in markers.Recipients)
            upstream.Notify(EnvelopeWriter.CreateMessage(_own + Encoding.UTF8.GetString(recipient), sender, payload));
    }

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is ActorIdentity { MessageId: long number })
            _onHandled(number);
    }
}
