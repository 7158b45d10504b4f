namespace Actors.Messages;

/// <summary>Marks what may travel between actor systems: the wire serializer takes these types and no others.</summary>
public interface IWireMessage;
