using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A barrier shared by any number of processes, as Python's <c>Manager().Barrier(parties)</c>: when the given number of parties wait, all
/// of them continue, and the barrier starts its next round. It breaks for all parties when the wait of a party times out, its process dies
/// (in Python the others wait forever), or its action throws, and with <see cref="Abort"/>; it stays broken until <see cref="Reset"/>. A
/// party whose wait is canceled does not count. A worker that receives it as an argument gets a working proxy. Thread-safe.
/// </summary>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
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

    /// <summary>Gets the number of parties, as Python's <c>parties</c>.</summary>
    public int ParticipantCount { get; }

    /// <summary>
    /// Gets the number of waiting parties, at some moment during the call, as Python's <c>n_waiting</c>. Blocks for a round trip.
    /// </summary>
    public int WaitingCount => (int)ReadState().Count;

    /// <summary>
    /// Gets whether the barrier is broken, at some moment during the call, as Python's <c>broken</c>. Blocks for a round trip.
    /// </summary>
    public bool IsBroken => ReadState().Status == ObjectStatus.Broken;

    /// <summary>Waits for the other parties, as Python's <c>wait(timeout)</c>. Blocks the thread.</summary>
    /// <param name="timeout">The longest time to wait; null uses the timeout of the barrier, infinite waits without limit.</param>
    /// <param name="action">
    /// An action that the last party runs in its process before all continue. It is not part of the barrier, so pass it to every wait. The
    /// timeouts of the other parties continue meanwhile.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The arrival index of this party in the round, from 0.</returns>
    /// <exception cref="BrokenBarrierException">The barrier is broken or was reset; Python's <c>BrokenBarrierError</c>.</exception>
    public int SignalAndWait(TimeSpan? timeout = null, Action? action = null, CancellationToken cancellationToken = default)
    {
        var reply = _proxy.Call<BarrierWait, BarrierReply>(new(action is not null), timeout ?? _timeout, cancellationToken);
        RequireIntact(reply.Status);
        if (reply.ActingRound is not { } round)
            return (int)reply.Index;
        try
        {
            action!();
        }
        catch
        {
            Abort();
            throw;
        }

        return ToIndex(_proxy.Call<BarrierRelease, IndexReply>(new(round), null, CancellationToken.None));
    }

    /// <inheritdoc cref="SignalAndWait"/>
    public async Task<int> SignalAndWaitAsync(
        TimeSpan? timeout = null, Action? action = null, CancellationToken cancellationToken = default)
    {
        var reply = await _proxy.CallAsync<BarrierWait, BarrierReply>(
            new(action is not null), timeout ?? _timeout, cancellationToken).ConfigureAwait(false);
        RequireIntact(reply.Status);
        if (reply.ActingRound is not { } round)
            return (int)reply.Index;
        try
        {
            action!();
        }
        catch
        {
            await AbortAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        return ToIndex(await _proxy.CallAsync<BarrierRelease, IndexReply>(
            new(round), null, CancellationToken.None).ConfigureAwait(false));
    }

    /// <summary>
    /// Breaks the barrier, as Python's <c>abort()</c>: current and later waits throw <see cref="BrokenBarrierException"/>. Blocks for a
    /// round trip.
    /// </summary>
    public void Abort() => _proxy.Call(new BarrierAbort());

    /// <inheritdoc cref="Abort"/>
    public async Task AbortAsync(CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(new BarrierAbort(), null, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Restores the barrier, as Python's <c>reset()</c>; current waits throw <see cref="BrokenBarrierException"/>. Blocks for a round trip.
    /// </summary>
    public void Reset() => _proxy.Call(new BarrierReset());

    /// <inheritdoc cref="Reset"/>
    public async Task ResetAsync(CancellationToken cancellationToken = default) =>
        await _proxy.CallAsync(new BarrierReset(), null, cancellationToken).ConfigureAwait(false);

    void ICarried<ManagedBarrier>.WriteTo(ref ValueWriter writer)
    {
        _proxy.WriteTo(ref writer);
        writer.WriteValue(ParticipantCount);
        writer.WriteValue(_timeout?.Ticks ?? Timeout.InfiniteTimeSpan.Ticks);
    }

    static ManagedBarrier ICarried<ManagedBarrier>.ReadFrom(ref ValueReader reader)
    {
        var proxy = ObjectProxy.ReadFrom(ref reader);
        var parties = reader.ReadValue<int>();
        return new ManagedBarrier(proxy, parties, TimeSpan.FromTicks(reader.ReadValue<long>()));
    }

    private CountReply ReadState() => _proxy.Call<BarrierWaiting, CountReply>();

    private static int ToIndex(IndexReply reply)
    {
        RequireIntact(reply.Status);
        return (int)reply.Index;
    }

    private static void RequireIntact(ObjectStatus status)
    {
        if (status == ObjectStatus.Broken)
        {
            throw new BrokenBarrierException(
                "The barrier is broken: a party aborted it, died or timed out. Call Reset to use it again.");
        }
    }
}
