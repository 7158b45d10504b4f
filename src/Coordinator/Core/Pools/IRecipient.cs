namespace Actors.Coordinator.Pools;

/// <summary>
/// The address of a program, or of the pool of a build, for a state class without actors. Two addresses of one receiver are equal.
/// </summary>
public interface IRecipient
{
    /// <summary>Whether the receiver is in this process, so that messages are not limited in size.</summary>
    bool IsLocal { get; }

    /// <summary>Sends a message. Messages to one receiver keep their order, and may be lost.</summary>
    void Send(object message);
}
