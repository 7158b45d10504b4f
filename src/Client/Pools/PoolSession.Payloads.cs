using System.Runtime.InteropServices;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Remoting.Payloads;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// Large arguments and results of a pool on a cluster: a job goes to the pool when its arguments are in the coordinator's store, and ends when its result has been
/// fetched from there. Other jobs pass them by. Two at a time go each way.
/// </summary>
internal sealed partial class PoolSession
{
    private const int MostAtOnce = 2;

    private readonly SemaphoreSlim _sendingRoom = new(MostAtOnce);
    private readonly SemaphoreSlim _fetchingRoom = new(MostAtOnce);
    private CancellationTokenSource _fetching = new();
    private readonly Dictionary<long, CancellationTokenSource> _sending = [];
    private readonly HashSet<long> _late = [];
    private bool _closes;

    private bool IsStored(ReadOnlyMemory<byte> arguments) => _isRemote && !_spec.IsDurable && arguments.Length > WireLimits.LargestInMessage;

    /// <summary>Of two more there would be a third in memory, and so on: whoever submits waits for its turn.</summary>
    private void TakePlaces(bool isStored, CancellationToken cancellationToken)
    {
        _room.Wait(cancellationToken);
        if (!isStored)
            return;
        try
        {
            _sendingRoom.Wait(cancellationToken);
        }
        catch
        {
            _room.Release();
            throw;
        }
    }

    private void LeavePlaces(bool isStored)
    {
        _room.Release();
        if (isStored)
            _sendingRoom.Release();
    }

    /// <param name="job">With its arguments.</param>
    /// <param name="takesPlace">Whether it is still to wait for its turn.</param>
    private void StartSending(JobSpec job, bool takesPlace)
    {
        var cancel = new CancellationTokenSource();
        var pool = _pool;
        _sending[job.Id.Value] = cancel;
        _ = Task.Run(() => takesPlace ? TakePlaceAndSendAsync(job, pool, cancel.Token) : SendAsync(job, pool, cancel.Token));
    }

    private async Task TakePlaceAndSendAsync(JobSpec job, IActorRef pool, CancellationToken cancellationToken)
    {
        try
        {
            await _sendingRoom.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Whoever cancelled it has ended it, or will send it again.
            return;
        }

        await SendAsync(job, pool, cancellationToken).ConfigureAwait(false);
    }

    private async Task SendAsync(JobSpec job, IActorRef pool, CancellationToken cancellationToken)
    {
        try
        {
            using var arguments = StreamOver(job.Arguments);
            var stored = await PayloadSender.SendAsync(pool, default, arguments, cancellationToken).ConfigureAwait(false);
            Gather(job with { Arguments = default, Stored = stored }, pool);
        }
        catch (Exception exception)
        {
            EndUnsent(job.Id, exception, pool);
        }
        finally
        {
            _sendingRoom.Release();
        }
    }

    private static MemoryStream StreamOver(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);

    /// <summary>The job goes to the pool like any other, though later ones may have gone before.</summary>
    private void Gather(JobSpec job, IActorRef pool)
    {
        lock (_submitting)
        {
            if (!pool.Equals(_pool) || !_sending.Remove(job.Id.Value))
            {
                pool.Tell(new PayloadProtocol.Release(job.Stored!.Id), _self);
                return;
            }

            _late.Add(job.Id.Value);
            _gathered.Add(job);
            SendGathered();
            CloseWhenSent();
        }
    }

    private void EndUnsent(JobId job, Exception exception, IActorRef pool)
    {
        lock (_submitting)
        {
            if (!pool.Equals(_pool) || !_sending.Remove(job.Value))
                return;
            EndHere(new JobOutcome(job, JobStatus.Refused, default, FailureConverter.ToFailure(exception), 0));
            CloseWhenSent();
        }
    }

    /// <returns>Whether its arguments were still on their way.</returns>
    private bool StopSending(long job)
    {
        if (!_sending.Remove(job, out var cancel))
            return false;
        cancel.Cancel();
        EndHere(new JobOutcome(new JobId(job), JobStatus.Cancelled, default, null, 0));
        CloseWhenSent();
        return true;
    }

    /// <summary>As if the pool had said so.</summary>
    private void EndHere(JobOutcome outcome) => _self.Tell(new PoolSessionActor.EndedHere([outcome]));

    private void CloseWhenSent()
    {
        // What nobody takes has not been sent: it would count as such when the next pool is there.
        if (!_closes || _sending.Count > 0 || _isLooking)
            return;
        _closes = false;
        SendAll();
        SendWithdrawAll();
        SayLast(new PoolProtocol.Close());
    }

    /// <summary>What has been gathered was accepted from the caller: it goes before the last word.</summary>
    private void SendAll()
    {
        do
        {
            _underWay = false;
            SendGathered();
        }
        while (_batches.Count + _gathered.Count > 0);
    }

    /// <summary>The pool is over: its jobs are ended elsewhere.</summary>
    private void StopTransfers()
    {
        lock (_submitting)
        {
            CancelTransfers();
            _closes = false;
        }
    }

    /// <summary>Nothing more comes from where the pool was, or goes there: what follows needs the places.</summary>
    private void CancelTransfers()
    {
        foreach (var cancel in _sending.Values)
            cancel.Cancel();
        _sending.Clear();
        _fetching.Cancel();
    }

    /// <summary>Brings a result here. What keeps it from coming is how the job ended; when nobody wants it any more, no outcome is left.</summary>
    internal async Task<FetchedResult> FetchAsync(JobOutcome outcome)
    {
        var stored = outcome.Stored!;
        var (pool, cancellationToken) = Source();
        try
        {
            await _fetchingRoom.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new FetchedResult(null, stored.Id);
        }

        try
        {
            PayloadFetcher.Require(stored);
            var bytes = GC.AllocateUninitializedArray<byte>((int)stored.Length);
            using var to = new MemoryStream(bytes);
            await PayloadFetcher.FetchAsync(pool, stored, to, cancellationToken).ConfigureAwait(false);
            return new FetchedResult(outcome with { Payload = bytes, Stored = null }, stored.Id);
        }
        catch (Exception exception) when (exception is OperationCanceledException || !pool.Equals(_pool))
        {
            return new FetchedResult(null, stored.Id);
        }
        catch (Exception exception)
        {
            var failed = outcome with { Status = JobStatus.Refused, Failure = FailureConverter.ToFailure(exception), Stored = null };
            return new FetchedResult(failed, stored.Id);
        }
        finally
        {
            _fetchingRoom.Release();
        }
    }

    private (IActorRef Pool, CancellationToken CancellationToken) Source()
    {
        lock (_submitting)
            return (_pool, _fetching.Token);
    }

    /// <summary>The coordinator need not keep it, nor the pool for its sake.</summary>
    internal void Fetched(FetchedResult result)
    {
        if (result.Outcome is { } outcome)
            Ended([outcome]);
        _pool.Tell(new PayloadProtocol.Release(result.Payload), _self);
    }
}

/// <summary>A large result has come, or will not.</summary>
/// <param name="Outcome">The end of its job; null when that is told by somebody else.</param>
/// <param name="Payload">What lay in the store.</param>
internal sealed record FetchedResult(JobOutcome? Outcome, PayloadId Payload);
