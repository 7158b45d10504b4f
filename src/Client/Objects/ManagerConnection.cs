using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Serialization;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Objects;

/// <summary>
/// A manager at its coordinator, and at another, or the same started again, when that is lost: what it had made there is gone, what it makes next is there, and
/// what it knows of at others is reached again. Thread-safe.
/// </summary>
internal sealed class ManagerConnection : IAsyncDisposable
{
    private static readonly TimeSpan CreateTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReconnectPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Func<CancellationToken, Task<IClientRuntime>> _connect;
    private readonly CancellationTokenSource _closing = new();
    private volatile At _now;

    private ManagerConnection(IClientRuntime runtime, Func<CancellationToken, Task<IClientRuntime>> connect)
    {
        _connect = connect;
        _now = Use(runtime);
    }

    /// <summary>The last way to a coordinator, which may be lost.</summary>
    public IClientRuntime Runtime => _now.Runtime;

    /// <param name="connect">Finds a coordinator.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ManagerConnection> StartAsync(Func<CancellationToken, Task<IClientRuntime>> connect, CancellationToken cancellationToken) =>
        new(await connect(cancellationToken).ConfigureAwait(false), connect);

    /// <summary>Makes an object.</summary>
    /// <returns>Its id, and the way to it.</returns>
    /// <exception cref="CoordinatorLostException">The coordinator was lost meanwhile, or does not answer.</exception>
    /// <exception cref="CoordinatorUnreachableException">It was lost before, and no other answers.</exception>
    public async Task<(ObjectId Id, IClientRuntime Runtime)> MakeAsync(
        ObjectKind kind, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken)
    {
        var at = await UsableAsync(cancellationToken).ConfigureAwait(false);
        var id = ObjectId.New(at.Runtime.Number);
        var made = new ObjectMakerActor.Make(new ObjectProtocol.Create(id, kind, number, payloads));
        at.Maker.Tell(made);
        try
        {
            await UnlessLostAsync(at, async token =>
            {
                await made.Done.Task.WaitAsync(CreateTimeout, token).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new CoordinatorLostException($"The coordinator did not make the {kind} within {CreateTimeout.TotalSeconds:0} s.", exception);
        }

        return (id, at.Runtime);
    }

    /// <summary>Asks the coordinator for something.</summary>
    /// <returns>The answer, and the way that it came.</returns>
    /// <exception cref="CoordinatorLostException">The coordinator was lost meanwhile, or does not answer.</exception>
    /// <exception cref="CoordinatorUnreachableException">It was lost before, and no other answers.</exception>
    public async Task<(T Answer, IClientRuntime Runtime)> AskAsync<T>(object message, TimeSpan patience, CancellationToken cancellationToken)
    {
        var at = await UsableAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var answer = await UnlessLostAsync(at, token => PeerAsk.AskAsync<T>(at.Runtime.Coordinator, message, patience, token), cancellationToken).ConfigureAwait(false);
            return (answer, at.Runtime);
        }
        catch (Exception exception) when (exception is AskTimeoutException or RemoteFailureException)
        {
            throw new CoordinatorLostException($"The coordinator did not answer within {patience.TotalSeconds:0} s.", exception);
        }
    }

    /// <summary>Removes an object that it made. The coordinator takes this from its maker alone.</summary>
    public void Remove(ObjectId id)
    {
        var at = _now;
        at.Runtime.Coordinator.Tell(new ObjectProtocol.Remove(id), at.Maker);
    }

    /// <summary>Makes nothing any more: what it has made is removed by the coordinator.</summary>
    public void Stop() => Runtime.System.Stop(_now.Maker);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _gate.WaitAsync().ConfigureAwait(false);
        _now.Watch.Unregister();
        await Runtime.DisposeAsync().ConfigureAwait(false);
        _gate.Release();
    }

    private At Use(IClientRuntime runtime) => new(runtime, runtime.Lost.UnsafeRegister(_ => Task.Run(ReconnectAsync), null));

    /// <summary>At once, not when something is to be made: proxies of what is at other coordinators are used without the manager.</summary>
    private async Task ReconnectAsync()
    {
        ConnectionLog.Lost(Runtime, ReconnectPatience);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        patience.CancelAfter(ReconnectPatience);
        while (!patience.IsCancellationRequested)
        {
            try
            {
                await UsableAsync(patience.Token).ConfigureAwait(false);
                return;
            }
#pragma warning disable CA1031 // Whatever keeps it from connecting, whoever makes something next hears it.
            catch (Exception)
#pragma warning restore CA1031
            {
                await Task.Delay(ReconnectPause).ConfigureAwait(false);
            }
        }
    }

    private async Task<At> UsableAsync(CancellationToken cancellationToken)
    {
        if (!_now.IsLost)
            return _now;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_now is { IsLost: true } lost)
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
                _now = Use(await _connect(either.Token).ConfigureAwait(false));
                ConnectionLog.Reconnected(lost.Runtime, Runtime);
                // It ends in its own time: what is left of a lost connection is waited for there.
                _ = lost.Runtime.DisposeAsync().AsTask();
            }

            return _now;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static async Task<T> UnlessLostAsync<T>(At at, Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, at.Runtime.Lost);
        try
        {
            return await action(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CoordinatorLostException("The connection to the coordinator broke.", exception);
        }
    }

    /// <summary>One coordinator, and who stands for the manager there.</summary>
    private sealed class At(IClientRuntime runtime, CancellationTokenRegistration watch)
    {
        public IClientRuntime Runtime => runtime;

        /// <summary>What says that it is lost. To be given back: others may use the runtime for much longer than the manager.</summary>
        public CancellationTokenRegistration Watch => watch;

        public IActorRef Maker { get; } = runtime.System.ActorOf(Props.Create(() => new ObjectMakerActor(runtime.Coordinator)), RandomName.Of("maker"));

        public bool IsLost => runtime.Lost.IsCancellationRequested;
    }
}
