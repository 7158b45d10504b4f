namespace Actors.Messages;

/// <summary>Marks what may travel between actor systems: the wire serializer takes these types and no others.</summary>
public interface IWireMessage;

/// <summary>Marks what is written to a store and never sent: its size is not limited.</summary>
public interface IStoredRecord : IWireMessage;
