namespace Actors;

/// <summary>
/// Something that messages are received from: a <see cref="Connection"/> or a <see cref="PipeEnd{T}"/>.
/// <see cref="Connection.WaitAnyAsync{TEnd}"/> waits for several of
/// them, of different kinds too, as Python's <c>multiprocessing.connection.wait</c>.
/// </summary>
public interface IPollable
{
    /// <summary>Waits until a message, or the end of messages, can be received. Receives nothing; a canceled or expired wait loses
    /// nothing.</summary>
    /// <param name="timeout">How long to wait; zero, the default, does not wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there is something to receive.</returns>
    Task<bool> PollAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default);
}
