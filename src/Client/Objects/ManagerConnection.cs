using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Serialization;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Objects;

/// <summary>
/// The connection of a manager to its coordinator. After a loss it reconnects to another or the restarted coordinator: objects of the lost
/// coordinator are lost, new ones are created at the next, and objects of other coordinators are reachable again. Thread-safe.
/// </summary>
internal sealed class ManagerConnection : IManagerConnection
{
    private static readonly TimeSpan CreateTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReconnectPatience = TimeSpan.FromSeconds(60);

    private readonly Lock _switching = new();
    private readonly CoordinatorConnection _coordinator;
    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _closing = new();
    private volatile CoordinatorLink _current;

    private ManagerConnection(CoordinatorConnection coordinator, TimeSpan patience, IClientRuntime runtime)
    {
        (_coordinator, _patience) = (coordinator, patience);
        _current = UseRuntime(runtime);
    }

    /// <inheritdoc/>
    public IClientRuntime Runtime => _current.Runtime;

    /// <param name="coordinator">The shared connection to the coordinator.</param>
    /// <param name="patience">The time that a coordinator has to answer, now and in calls after a loss.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<ManagerConnection> StartAsync(
        CoordinatorConnection coordinator, TimeSpan patience, CancellationToken cancellationToken) =>
        new(coordinator, patience, await coordinator.AcquireUseAsync(patience, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<(ObjectId Id, IObjectChannel Objects)> CreateObjectAsync(
        ObjectKind kind, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        var at = await GetUsableLinkAsync(_patience, cancellationToken).ConfigureAwait(false);
        var id = ObjectId.New(at.Runtime.Number);
        var made = new ObjectMakerActor.CreateObject(new ObjectProtocol.CreateManagedObject(id, kind, number, payloads));
        at.Maker.Tell(made);
        try
        {
            await UnlessLostAsync(at, token => made.Done.Task.WaitAsync(CreateTimeout, token), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new CoordinatorLostException(
                $"The coordinator did not create the {kind} within {CreateTimeout.TotalSeconds:0} s. Check the coordinator, and try "
                + "again.", exception);
        }

        return (id, at.Runtime.Objects);
    }

    /// <inheritdoc/>
    public async Task<(T Answer, IObjectChannel Objects)> SendRequestAsync<T>(
        object message, TimeSpan patience, CancellationToken cancellationToken)
    {
        var at = await GetUsableLinkAsync(_patience, cancellationToken).ConfigureAwait(false);
        try
        {
            var answer = await UnlessLostAsync(
                at, token => PeerAsk.AskAsync<T>(
                    at.Runtime.Coordinator, message, patience, token), cancellationToken).ConfigureAwait(false);
            return (answer, at.Runtime.Objects);
        }
        catch (RemoteFailureException exception)
        {
            throw new CoordinatorLostException($"The coordinator did not answer: {exception.Message}", exception);
        }
        catch (AskTimeoutException exception)
        {
            throw new CoordinatorLostException(
                $"The coordinator did not answer within {patience.TotalSeconds:0} s. Check the coordinator, and try again.", exception);
        }
    }

    /// <inheritdoc/>
    public void RemoveObject(ObjectId id)
    {
        var at = _current;
        at.Runtime.Coordinator.Tell(new ObjectProtocol.RemoveManagedObject(id), at.Maker);
    }

    /// <inheritdoc/>
    public void StopMaker() => Runtime.System.Stop(_current.Maker);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        // The current runtime does not change any more after this lock was held.
        lock (_switching)
            _current.Watch.Unregister();
        await Runtime.DisposeAsync().ConfigureAwait(false);
    }

    private CoordinatorLink UseRuntime(IClientRuntime runtime) =>
        new(runtime, runtime.Lost.UnsafeRegister(_ => Task.Run(() => ReconnectAsync(runtime)), null));

    /// <summary>Reconnects at once, because proxies of objects at other coordinators work without the manager.</summary>
    private async Task ReconnectAsync(IClientRuntime lost)
    {
        ConnectionLog.LogLoss(lost, ReconnectPatience);
        using var patience = new CancellationTokenSource(ReconnectPatience);
        try
        {
            await GetUsableLinkAsync(Timeout.InfiniteTimeSpan, patience.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // On any failure, the next call of the manager reports it.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private async Task<CoordinatorLink> GetUsableLinkAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!_current.IsLost)
            return _current;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        return SwitchTo(await _coordinator.AcquireUseAsync(patience, either.Token).ConfigureAwait(false));
    }

    private CoordinatorLink SwitchTo(IClientRuntime next)
    {
        var unused = next;
        lock (_switching)
        {
            if (_current.IsLost && !_closing.IsCancellationRequested)
            {
                unused = Runtime;
                ConnectionLog.LogReconnect(unused, next);
                _current = UseRuntime(next);
            }
        }

        // Not awaited: closing a lost connection takes time.
        _ = unused.DisposeAsync().AsTask();
        return _current;
    }

    private static async Task<T> UnlessLostAsync<T>(
        CoordinatorLink at, Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, at.Runtime.Lost);
        try
        {
            return await action(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CoordinatorLostException("The connection to the coordinator broke during the call. Try again.", exception);
        }
    }

    /// <summary>A coordinator, and the actor that represents the manager there.</summary>
    private sealed class CoordinatorLink(IClientRuntime runtime, CancellationTokenRegistration watch)
    {
        public IClientRuntime Runtime => runtime;

        /// <summary>The registration for the loss. It must be removed, because the runtime can outlive the manager.</summary>
        public CancellationTokenRegistration Watch => watch;

        public IActorRef Maker { get; } = runtime.System.ActorOf(
            ActorProps.Create(() => new ObjectMakerActor(runtime.Coordinator)), RandomName.NewName("maker"));

        public bool IsLost => runtime.Lost.IsCancellationRequested;
    }
}
