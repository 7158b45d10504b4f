using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A barrier that any number of processes share, as Python's <c>Manager().Barrier(parties)</c>: when as many parties wait as it is for, they
/// go on together, and it is ready for the next round. It breaks for all when a party's time runs out, when its process dies (Python's
/// others wait for ever), when its action throws, and by <see cref="Abort"/>; it stays broken until <see cref="Reset"/>. A party whose
/// wait is cancelled has not come. Pass it as an argument: it arrives as a working proxy. Thread-safe.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed class ManagedBarrier : ICarried<ManagedBarrier>
{
    private readonly ObjectProxy _proxy;
    private readonly TimeSpan? _timeout;

    internal ManagedBarrier(ObjectProxy proxy, int participantCount, TimeSpan? timeout)
    {
        _proxy = proxy;
        _timeout = timeout;
        ParticipantCount = participantCount;
    }

    /// <summary>How many parties it is for, as Python's <c>parties</c>.</summary>
    public int ParticipantCount { get; }

    /// <summary>How many parties wait for others, at some moment during the call, as Python's <c>n_waiting</c>. Blocks for a round trip.</summary>
    public int WaitingCount => (int)State().Number;

    /// <summary>Whether it is broken, at some moment during the call, as Python's <c>broken</c>. Blocks for a round trip.</summary>
    public bool IsBroken => State().Status == ObjectStatus.Broken;

    /// <summary>Waits for the other parties, as Python's <c>wait(timeout)</c>. Blocks the thread.</summary>
    /// <param name="timeout">How long to wait at most; null is the barrier's own time, infinite is for ever.</param>
    /// <param name="action">
    /// What to do before all go on, run in the process of the party that comes last, if it is that party. As it does not travel with the
    /// barrier, give it to every wait. The times of the others run on meanwhile.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The place in which this party came, from 0; each of a round has another.</returns>
    /// <exception cref="BrokenBarrierException">The barrier is broken, or was reset meanwhile; Python's <c>BrokenBarrierError</c>.</exception>
    public int SignalAndWait(TimeSpan? timeout = null, Action? action = null, CancellationToken cancellationToken = default)
    {
        var reply = Checked(_proxy.Call(ObjectOperation.BarrierWait, timeout ?? _timeout, Flag(action), [], cancellationToken));
        if (reply.Payloads.IsEmpty)
            return (int)reply.Number;
        try
        {
            action!();
        }
        catch
        {
            Abort();
            throw;
        }

        return (int)Checked(_proxy.Call(ObjectOperation.BarrierRelease, null, reply.Number, [], default)).Number;
    }

    /// <inheritdoc cref="SignalAndWait"/>
    public async Task<int> SignalAndWaitAsync(TimeSpan? timeout = null, Action? action = null, CancellationToken cancellationToken = default)
    {
        var reply = Checked(await _proxy.CallAsync(
            ObjectOperation.BarrierWait, timeout ?? _timeout, Flag(action), [], cancellationToken).ConfigureAwait(false));
        if (reply.Payloads.IsEmpty)
            return (int)reply.Number;
        try
        {
            action!();
        }
        catch
        {
            await AbortAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        return (int)Checked(await _proxy.CallAsync(ObjectOperation.BarrierRelease, null, reply.Number, [], default).ConfigureAwait(false)).Number;
    }

    /// <summary>Breaks the barrier: who waits, and who comes, gets <see cref="BrokenBarrierException"/>, as Python's <c>abort()</c>. Blocks for a round trip.</summary>
    public void Abort() => _proxy.Call(ObjectOperation.BarrierAbort, null, 0, [], default);

    /// <inheritdoc cref="Abort"/>
    public async Task AbortAsync(CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(ObjectOperation.BarrierAbort, null, 0, [], cancellationToken).ConfigureAwait(false);

    /// <summary>Makes the barrier as new; who waits gets <see cref="BrokenBarrierException"/>, as Python's <c>reset()</c>. Blocks for a round trip.</summary>
    public void Reset() => _proxy.Call(ObjectOperation.BarrierReset, null, 0, [], default);

    /// <inheritdoc cref="Reset"/>
    public async Task ResetAsync(CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(ObjectOperation.BarrierReset, null, 0, [], cancellationToken).ConfigureAwait(false);

    void ICarried<ManagedBarrier>.Write(ref ValueWriter writer)
    {
        _proxy.Write(ref writer);
        writer.Write(ParticipantCount);
        writer.Write(_timeout?.Ticks ?? Timeout.InfiniteTimeSpan.Ticks);
    }

    static ManagedBarrier ICarried<ManagedBarrier>.Read(ref ValueReader reader)
    {
        var proxy = ObjectProxy.Read(ref reader);
        var parties = reader.Read<int>();
        return new ManagedBarrier(proxy, parties, TimeSpan.FromTicks(reader.Read<long>()));
    }

    private ObjectReply State() => _proxy.Call(ObjectOperation.BarrierWaiting, null, 0, [], default);

    private static long Flag(Action? action) => action is null ? 0 : 1;

    private static ObjectReply Checked(ObjectReply reply) => reply.Status == ObjectStatus.Broken
        ? throw new BrokenBarrierException(
            "The barrier is broken: a party was aborted, died or came too late. Reset it to use it again.")
        : reply;
}
