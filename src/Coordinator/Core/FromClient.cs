namespace Actors.Coordinator;

/// <summary>
/// What came through the gate of clients. It is no contract and never travels: whoever gets it knows that its sender had the clients' key, though paths of the
/// coordinator's actors are told to nodes, with each answer.
/// </summary>
/// <param name="Message">As the client said it.</param>
internal sealed record FromClient<T>(T Message);
