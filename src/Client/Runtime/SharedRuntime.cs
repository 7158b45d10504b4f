using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Runtime;

/// <summary>
/// The runtime that all pools and managers of the same coordinators share. One that was lost gives way to another when somebody asks next; who still uses it, which may
/// not have heard yet, does so until they are done. The last use of each ends it. Thread-safe.
/// </summary>
/// <param name="start">Finds or makes a coordinator.</param>
internal sealed class SharedRuntime(Func<CancellationToken, Task<IClientRuntime>> start)
{
    private readonly SemaphoreSlim _starting = new(1);
    private readonly Lock _counting = new();
    private Counted? _current;
    private FollowingObjectChannel? _objects;

    /// <summary>Gives a use of it. Waits for whoever starts one already, and for nobody else.</summary>
    public async Task<IClientRuntime> AcquireAsync(CancellationToken cancellationToken)
    {
        if (UseCurrent() is { } known)
            return known;
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return UseCurrent() ?? UseNew(await start(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _starting.Release();
        }
    }

    private OneUse? UseCurrent()
    {
        lock (_counting)
            return _current is { Runtime.Lost.IsCancellationRequested: false } ? Use(_current) : null;
    }

    private OneUse UseNew(IClientRuntime runtime)
    {
        lock (_counting)
        {
            _current = new Counted(runtime);
            if (runtime is LocalRuntime)
                return Use(_current);
            // One for all that ever are at the same coordinators: a proxy may be older than the way to them.
            if (_objects is null)
                _objects = new FollowingObjectChannel(runtime.Objects);
            else
                _objects.Follow(runtime.Objects);
            return Use(_current);
        }
    }

    private OneUse Use(Counted counted)
    {
        counted.Uses++;
        return new OneUse(counted.Runtime, _objects ?? counted.Runtime.Objects, () => ReleaseAsync(counted));
    }

    private async Task ReleaseAsync(Counted counted)
    {
        lock (_counting)
        {
            if (--counted.Uses > 0)
                return;
            // The one in this process stays for the next pool: starting it is most of what starting a pool costs.
            if (counted.Runtime is LocalRuntime)
                return;
            if (counted == _current)
                (_current, _objects) = (null, null);
        }

        await counted.Runtime.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Counted(IClientRuntime runtime)
    {
        public IClientRuntime Runtime => runtime;

        public int Uses { get; set; }
    }

    private sealed class OneUse(IClientRuntime shared, IObjectChannel objects, Func<Task> release) : IClientRuntime
    {
        private int _isReleased;

        public ActorSystem System => shared.System;

        public IActorRef Coordinator => shared.Coordinator;

        public string Home => shared.Home;

        public uint Number => shared.Number;

        public IObjectChannel Objects => objects;

        public DurableWays Durable => shared.Durable;

        public CancellationToken Lost => shared.Lost;

        public void Avoid() => shared.Avoid();

        public Task<IActorRef> PoolsAsync(DurableStore? store, CancellationToken cancellationToken) => shared.PoolsAsync(store, cancellationToken);

        public Task<BundleId> ProvideCodeAsync(bool isKept, CancellationToken cancellationToken) => shared.ProvideCodeAsync(isKept, cancellationToken);

        public void RequireWorkers(int count) => shared.RequireWorkers(count);

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
                await release().ConfigureAwait(false);
        }
    }
}
