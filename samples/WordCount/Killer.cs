using System.Threading.Channels;
using Actors;

namespace WordCount;

/// <summary>Kills one worker process while it counts, and reports the replacement of the worker and the retry of its job.</summary>
internal sealed class Killer : IAsyncDisposable
{
    private readonly ProcessPool _pool;
    private readonly Manager _manager;
    private readonly Turnstile _turnstile;
    private readonly Channel<WorkerInfo> _changes = Channel.CreateUnbounded<WorkerInfo>();

    private Killer(ProcessPool pool, Manager manager, Turnstile turnstile)
    {
        (_pool, _manager, _turnstile) = (pool, manager, turnstile);
        pool.WorkerChanged += change => _changes.Writer.TryWrite(change);
    }

    public static async Task<Killer> StartAsync(ProcessPool pool, string? connect, CancellationToken cancellationToken)
    {
        var manager = await Manager.StartAsync(connect, cancellationToken: cancellationToken);
        var turnstile = new Turnstile(
            await manager.CreateQueueAsync<int>(cancellationToken: cancellationToken),
            await manager.CreateQueueAsync<int>(cancellationToken: cancellationToken));
        return new Killer(pool, manager, turnstile);
    }

    /// <summary>Returns the pieces with a turnstile in the middle one, so that its worker can be found while it counts.</summary>
    public Piece[] MarkTarget(Piece[] pieces) =>
        [.. pieces.Select((piece, index) => index == pieces.Length / 2 ? piece with { Turnstile = _turnstile } : piece)];

    /// <summary>Waits until a worker counts the marked piece, kills that worker, and lets the next one finish the piece.</summary>
    /// <returns>A line that describes the kill and the retry.</returns>
    public async Task<string> KillAsync(CancellationToken cancellationToken)
    {
        var victim = await _turnstile.Begun.GetAsync(cancellationToken: cancellationToken);
        // The queue may report a process before the pool does.
        while (!_pool.Workers.Any(worker => worker.ProcessId == victim))
            await _changes.Reader.ReadAsync(cancellationToken);
        // Processes of two machines may have the same id: then both are killed.
        foreach (var worker in _pool.Workers.Where(worker => worker.ProcessId == victim))
            _pool.Kill(worker);
        var end = await WaitForChangeAsync(change => change.HasExited && change.ProcessId == victim, cancellationToken);
        var started = await WaitForChangeAsync(change => !change.HasExited, cancellationToken);
        var again = await _turnstile.Begun.GetAsync(cancellationToken: cancellationToken);
        await _turnstile.GoOn.PutAsync(again, cancellationToken: cancellationToken);
        return $"killed worker process {victim} (exit code {end.ExitCode}) while it counted; process {started.ProcessId} was started, and "
            + $"the job was run again in process {again}";
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _manager.DisposeAsync();

    private async Task<WorkerInfo> WaitForChangeAsync(Predicate<WorkerInfo> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            var change = await _changes.Reader.ReadAsync(cancellationToken);
            if (wanted(change))
                return change;
        }
    }
}
