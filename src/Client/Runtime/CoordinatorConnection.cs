using System.Diagnostics;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Runtime;

/// <summary>
/// The connection that all pools and managers of the same coordinators share. <see cref="CoordinatorConnectionState"/> decides how long
/// coordinators are tried; this class tries them. A lost runtime tells its users (<see cref="IClientRuntime.Link"/>), which then acquire
/// the next one here: one of them tries, and the others wait for it. The last release of a runtime ends it. Thread-safe.
/// </summary>
/// <param name="start">Connects to a coordinator within a time limit, or starts one for a pool.</param>
internal sealed class CoordinatorConnection(Func<PoolSpec?, TimeSpan, CancellationToken, Task<IClientRuntime>> start)
{
    private readonly SemaphoreSlim _connecting = new(1);
    private readonly Lock _access = new();
    private readonly CoordinatorConnectionState _state = new();
    private CountedRuntime? _current;
    private FollowingObjectChannel? _objects;

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>Acquires a use of the current runtime, or of the next one while the coordinator is lost.</summary>
    /// <param name="patience">
    /// The time limit for the attempts of this caller, and before that for those of another; may be <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <param name="pool">The settings of the pool that needs the runtime; null for none.</param>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys differ.</exception>
    public async Task<IClientRuntime> AcquireUseAsync(TimeSpan patience, CancellationToken cancellationToken, PoolSpec? pool = null)
    {
        if (UseCurrent() is { } known)
            return known;
        if (!await _connecting.WaitAsync(patience, cancellationToken).ConfigureAwait(false))
            throw new CoordinatorUnreachableException($"No coordinator answers within {patience.TotalSeconds:0.#} s. Check them.");
        try
        {
            return UseCurrent() ?? await ConnectAsync(pool, patience, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_access)
                _state.StopConnecting();
            _connecting.Release();
        }
    }

    private async Task<IClientRuntime> ConnectAsync(PoolSpec? pool, TimeSpan patience, CancellationToken cancellationToken)
    {
        lock (_access)
            _state.StartConnecting(patience, Now);
        while (true)
        {
            try
            {
                return UseNew(await start(pool, _state.GetAttemptLimit(Now), cancellationToken).ConfigureAwait(false));
            }
            catch (CoordinatorUnreachableException) when (_state.OnAttemptFailed(Now) is { } pause)
            {
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private OneUse? UseCurrent()
    {
        lock (_access)
        {
            if (_current is { Runtime.Lost.IsCancellationRequested: true })
                _state.OnLost();
            return _state.Phase == CoordinatorConnectionPhase.Connected ? AddUse(_current!) : null;
        }
    }

    private OneUse UseNew(IClientRuntime runtime)
    {
        lock (_access)
        {
            _state.OnConnected();
            _current = new CountedRuntime(runtime);
            // One channel for all runtimes of the same coordinators, because a proxy may be older than the current runtime.
            if (runtime is not LocalRuntime)
                (_objects ??= new FollowingObjectChannel(runtime.Objects)).SwitchTo(runtime.Objects);
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
        lock (_access)
        {
            if (--counted.Uses > 0)
                return;
            // The local runtime stays for the next pool: starting it is most of the cost of starting a pool.
            if (counted == _current && counted.Runtime is not LocalRuntime)
            {
                (_current, _objects) = (null, null);
                _state.OnUnused();
            }
        }

        if (counted.Runtime is LocalRuntime local)
            await local.EndUnusedWorkersAsync().ConfigureAwait(false);
        else
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

        public uint Number => shared.Number;

        public IObjectChannel Objects => objects;

        public DurableChannels Durable => shared.Durable;

        public IActorRef Link => shared.Link;

        public CancellationToken Lost => shared.Lost;

        public Task<IActorRef> GetPoolOpenerAsync(DurableStore? store, CancellationToken cancellationToken) =>
            shared.GetPoolOpenerAsync(store, cancellationToken);

        public Task<BundleId> ProvideCodeAsync(IReadOnlyList<string> files, bool isDurable, CancellationToken cancellationToken) =>
            shared.ProvideCodeAsync(files, isDurable, cancellationToken);

        public void RequireWorkers(int count) => shared.RequireWorkers(count);

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
                await release().ConfigureAwait(false);
        }
    }
}
