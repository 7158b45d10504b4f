using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Runtime;

/// <summary>Finds or makes the runtime for a coordinator: all pools and managers of one share it, and the last to go ends it.</summary>
internal static class ClientRuntime
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly Dictionary<string, (IClientRuntime Runtime, int Uses)> Shared = [];
    private static readonly Dictionary<string, FollowingObjectChannel> Objects = [];

    /// <param name="connect">HOST:PORT of a coordinator, or of several with commas between; null for one in this process.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers.</exception>
    /// <exception cref="FormatException">The address is none.</exception>
    public static Task<IClientRuntime> AcquireAsync(string? connect, CancellationToken cancellationToken) =>
        AcquireAsync(connect, connect is null ? null : AccessKey.OfFile(null), cancellationToken);

    /// <param name="connect">HOST:PORT of a coordinator, or of several with commas between; null for one in this process.</param>
    /// <param name="access">The coordinator's key; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers.</exception>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys differ.</exception>
    public static async Task<IClientRuntime> AcquireAsync(string? connect, AccessKey? access, CancellationToken cancellationToken)
    {
        var key = connect is null ? "local" : $"at {connect} with {access?.Fingerprint}";
        await Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Shared.TryGetValue(key, out var known) && known.Runtime.Lost.IsCancellationRequested)
                Shared.Remove(key);
            if (!Shared.TryGetValue(key, out var shared))
                shared = (await StartAsync(connect, access, cancellationToken).ConfigureAwait(false), 0);
            Shared[key] = (shared.Runtime, shared.Uses + 1);
            var objects = shared.Runtime is LocalRuntime ? shared.Runtime.Objects : ObjectsOf(key, shared.Runtime, isNew: shared.Uses == 0);
            return new Use(shared.Runtime, objects, () => ReleaseAsync(key, shared.Runtime));
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>One for all that ever are at the same coordinators: a proxy may be older than the way to them.</summary>
    private static FollowingObjectChannel ObjectsOf(string key, IClientRuntime runtime, bool isNew)
    {
        if (!Objects.TryGetValue(key, out var objects))
            return Objects[key] = new FollowingObjectChannel(runtime.Objects);
        if (isNew)
            objects.Follow(runtime.Objects);
        return objects;
    }

    private static async Task<IClientRuntime> StartAsync(string? connect, AccessKey? access, CancellationToken cancellationToken) => connect is null
        ? await Task.Run(LocalRuntime.Start, cancellationToken).ConfigureAwait(false)
        : await RemoteRuntime.ConnectAsync(HostPort.ParseList(connect), access, cancellationToken).ConfigureAwait(false);

    private static async Task ReleaseAsync(string key, IClientRuntime runtime)
    {
        await Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            var isCurrent = Shared.TryGetValue(key, out var shared) && ReferenceEquals(shared.Runtime, runtime);
            if (isCurrent && shared.Uses > 1)
            {
                Shared[key] = (runtime, shared.Uses - 1);
                return;
            }

            // The one in this process stays for the next pool: starting it is most of what starting a pool costs.
            if (isCurrent && runtime is LocalRuntime)
                return;
            if (isCurrent)
            {
                Shared.Remove(key);
                Objects.Remove(key);
            }
        }
        finally
        {
            Gate.Release();
        }

        await runtime.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>One use of a shared runtime.</summary>
    private sealed class Use(IClientRuntime shared, IObjectChannel objects, Func<Task> release) : IClientRuntime
    {
        private int _isReleased;

        public ActorSystem System => shared.System;

        public IActorRef Coordinator => shared.Coordinator;

        public string Home => shared.Home;

        public uint Number => shared.Number;

        public IObjectChannel Objects => objects;

        public IObjectChannel? Durable
        {
            get => shared.Durable;
            set => shared.Durable = value;
        }

        public CancellationToken Lost => shared.Lost;

        public void Avoid() => shared.Avoid();

        public Task<IActorRef> PoolsAsync(DurableStore? store, CancellationToken cancellationToken) => shared.PoolsAsync(store, cancellationToken);

        public Task<BundleId> ProvideCodeAsync(bool isKept, CancellationToken cancellationToken) => shared.ProvideCodeAsync(isKept, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
                await release().ConfigureAwait(false);
        }
    }
}
