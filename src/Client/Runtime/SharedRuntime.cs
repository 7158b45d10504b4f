using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Runtime;

/// <summary>
/// The runtime that all pools and managers of the same coordinators share. A lost runtime is replaced for the next caller; its current
/// users keep it until they release it. The last release of a runtime ends it. Thread-safe.
/// </summary>
/// <param name="start">Connects to a coordinator within a time limit, or starts one.</param>
internal sealed class SharedRuntime(Func<TimeSpan, CancellationToken, Task<IClientRuntime>> start)
{
    private readonly SemaphoreSlim _starting = new(1);
    private readonly Lock _counting = new();
    private CountedRuntime? _current;
    private FollowingObjectChannel? _objects;

    /// <summary>Acquires a use of the runtime. Waits only for a start that is in progress.</summary>
    public async Task<IClientRuntime> AcquireUseAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (UseCurrent() is { } known)
            return known;
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return UseCurrent() ?? UseNew(await start(patience, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _starting.Release();
        }
    }

    private OneUse? UseCurrent()
    {
        lock (_counting)
            return _current is { Runtime.Lost.IsCancellationRequested: false } ? AddUse(_current) : null;
    }

    private OneUse UseNew(IClientRuntime runtime)
    {
        lock (_counting)
        {
            _current = new CountedRuntime(runtime);
            if (runtime is LocalRuntime)
                return AddUse(_current);
            // One channel for all runtimes of the same coordinators, because a proxy may be older than the current runtime.
            if (_objects is null)
                _objects = new FollowingObjectChannel(runtime.Objects);
            else
                _objects.SwitchTo(runtime.Objects);
            return AddUse(_current);
        }
    }

    private OneUse AddUse(CountedRuntime counted)
    {
        counted.Uses++;
        return new OneUse(counted.Runtime, _objects ?? counted.Runtime.Objects, () => ReleaseUseAsync(counted));
    }

    private async Task ReleaseUseAsync(CountedRuntime counted)
    {
        lock (_counting)
        {
            if (--counted.Uses > 0)
                return;
            // The local runtime stays for the next pool: starting it is most of the cost of starting a pool.
            if (counted.Runtime is LocalRuntime)
                return;
            if (counted == _current)
                (_current, _objects) = (null, null);
        }

        await counted.Runtime.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class CountedRuntime(IClientRuntime runtime)
    {
        public IClientRuntime Runtime => runtime;

        public int Uses { get; set; }
    }

    private sealed class OneUse(IClientRuntime shared, IObjectChannel objects, Func<Task> release) : IClientRuntime
    {
        private int _isReleased;

        public ActorSystem System => shared.System;

        public IActorRef Coordinator => shared.Coordinator;

        public string Owner => shared.Owner;

        public uint Number => shared.Number;

        public IObjectChannel Objects => objects;

        public DurableChannels Durable => shared.Durable;

        public CancellationToken Lost => shared.Lost;

        public void MarkLost() => shared.MarkLost();

        public Task<IActorRef> GetPoolOpenerAsync(DurableStore? store, CancellationToken cancellationToken) =>
            shared.GetPoolOpenerAsync(store, cancellationToken);

        public Task<BundleId> ProvideCodeAsync(PoolOptions options, CancellationToken cancellationToken) =>
            shared.ProvideCodeAsync(options, cancellationToken);

        public void RequireWorkers(int count) => shared.RequireWorkers(count);

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
                await release().ConfigureAwait(false);
        }
    }
}
