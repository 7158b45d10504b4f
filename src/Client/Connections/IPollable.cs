namespace Actors;

/// <summary>
/// A source of messages: a <see cref="Connection"/> or a <see cref="PipeEnd{T}"/>. <see cref="Connection.WaitAnyAsync{TEnd}"/> waits for
/// several, also of different kinds, as Python's <c>multiprocessing.connection.wait</c>.
/// </summary>
public interface IPollable
{
    /// <summary>
    /// Waits until a message, or the end of messages, can be received. Receives nothing; a canceled or expired wait loses nothing.
    /// </summary>
    /// <param name="timeout">The longest time to wait; zero, the default, does not wait.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>True when a message, or the end of messages, can be received.</returns>
    Task<bool> PollAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default);
}
