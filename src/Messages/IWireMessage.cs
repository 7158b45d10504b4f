namespace Actors.Messages;

/// <summary>Marks a message between actor systems. The wire serializer accepts no other types.</summary>
public interface IWireMessage;

/// <summary>Marks a record that is stored and never sent. Its size is not limited.</summary>
public interface IStoredRecord : IWireMessage;
