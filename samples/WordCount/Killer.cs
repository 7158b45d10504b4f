using System.Threading.Channels;
using Actors;

namespace WordCount;

/// <summary>Kills one worker process in the middle of the work, while it counts, and says what became of it and of its job.</summary>
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
        var manager = await Manager.StartAsync(connect, cancellationToken);
        var turnstile = new Turnstile(
            await manager.CreateQueueAsync<int>(cancellationToken: cancellationToken), await manager.CreateQueueAsync<int>(cancellationToken: cancellationToken));
        return new Killer(pool, manager, turnstile);
    }

    /// <summary>The same pieces, of which the one in the middle waits to be found.</summary>
    public Piece[] Aim(Piece[] pieces) =>
        [.. pieces.Select((piece, index) => index == pieces.Length / 2 ? piece with { Turnstile = _turnstile } : piece)];

    /// <summary>Waits for it, kills the process that counts it, and lets the next one count it to the end.</summary>
    /// <returns>What happened.</returns>
    public async Task<string> KillAsync(CancellationToken cancellationToken)
    {
        var victim = await _turnstile.Begun.GetAsync(cancellationToken: cancellationToken);
        // The queue may be quicker than the pool to tell of a process.
        while (!_pool.Workers.Any(executor => executor.ProcessId == victim))
            await _changes.Reader.ReadAsync(cancellationToken);
        // Two machines may have given the same number: then both go.
        foreach (var executor in _pool.Workers.Where(executor => executor.ProcessId == victim))
            _pool.Kill(executor);
        var end = await NextAsync(change => change.HasExited && change.ProcessId == victim, cancellationToken);
        var started = await NextAsync(change => !change.HasExited, cancellationToken);
        var again = await _turnstile.Begun.GetAsync(cancellationToken: cancellationToken);
        await _turnstile.GoOn.PutAsync(again, cancellationToken: cancellationToken);
        return $"killed worker process {victim} (exit code {end.ExitCode}) while it counted; process {started.ProcessId} was started, and the job was run again in process {again}";
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _manager.DisposeAsync();

    private async Task<WorkerInfo> NextAsync(Predicate<WorkerInfo> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            var change = await _changes.Reader.ReadAsync(cancellationToken);
            if (wanted(change))
                return change;
        }
    }
}
