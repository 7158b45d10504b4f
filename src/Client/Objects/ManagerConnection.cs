using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Objects;

/// <summary>
/// A manager at its coordinator, and at another, or the same started again, when that is lost: what it had made there is gone, what it makes next is there.
/// Thread-safe.
/// </summary>
internal sealed class ManagerConnection : IAsyncDisposable
{
    private static readonly TimeSpan CreateTimeout = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Func<CancellationToken, Task<IClientRuntime>> _connect;
    private volatile At _now;

    private ManagerConnection(IClientRuntime runtime, Func<CancellationToken, Task<IClientRuntime>> connect) => (_now, _connect) = (new At(runtime), connect);

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
            var answer = await UnlessLostAsync(at, token => at.Runtime.Coordinator.Ask<T>(message, patience, token), cancellationToken).ConfigureAwait(false);
            return (answer, at.Runtime);
        }
        catch (AskTimeoutException exception)
        {
            throw new CoordinatorLostException($"The coordinator did not answer within {patience.TotalSeconds:0} s.", exception);
        }
    }

    /// <summary>Makes nothing any more: what it has made is removed by the coordinator.</summary>
    public void Stop() => Runtime.System.Stop(_now.Maker);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Runtime.DisposeAsync();

    private async Task<At> UsableAsync(CancellationToken cancellationToken)
    {
        if (!_now.IsLost)
            return _now;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_now is { IsLost: true } lost)
            {
                _now = new At(await _connect(cancellationToken).ConfigureAwait(false));
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
    private sealed class At(IClientRuntime runtime)
    {
        public IClientRuntime Runtime => runtime;

        public IActorRef Maker { get; } = runtime.System.ActorOf(Props.Create(() => new ObjectMakerActor(runtime.Coordinator)));

        public bool IsLost => runtime.Lost.IsCancellationRequested;
    }
}
