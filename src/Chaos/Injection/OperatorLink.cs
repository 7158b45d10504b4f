using System.Security.Authentication;
using Actors.Messages.Chaos;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Chaos.Injection;

/// <summary>
/// The connection of an operator to one coordinator. After a failure it is opened again in a new actor system, because the coordinator may
/// have restarted.
/// </summary>
/// <param name="at">The address of the coordinator.</param>
/// <param name="link">The certificates.</param>
/// <param name="operatorKey">The operators' key; null for the key of the user on the loopback address.</param>
internal sealed class OperatorLink(HostPort at, LinkSettings link, AccessKey? operatorKey) : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly Config OperatorRole = ConfigurationFactory.ParseString($"{LinkIdentity.RoleSetting} = operator");

    private readonly SemaphoreSlim _access = new(1, 1);
    private ActorSystem? _system;
    private IActorRef? _coordinator;
    private long _lastNumber;

    /// <summary>The address of the coordinator.</summary>
    public HostPort At => at;

    /// <summary>Gets the programs of the cluster, as this coordinator knows them.</summary>
    /// <exception cref="TimeoutException">The coordinator does not answer.</exception>
    /// <exception cref="AuthenticationException">The key is not the operators' key.</exception>
    public Task<ChaosProtocol.ListTargetsReply> ListTargetsAsync(CancellationToken cancellationToken) =>
        AskAsync<ChaosProtocol.ListTargetsReply>(new ChaosProtocol.ListTargets(), cancellationToken);

    /// <summary>Injects a fault.</summary>
    /// <param name="node">The node; empty for the coordinator itself.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A description of the affected object.</returns>
    /// <exception cref="ChaosRefusedException">The program does not permit it.</exception>
    /// <exception cref="TimeoutException">The program does not answer.</exception>
    public async Task<string> InjectFaultAsync(string node, ChaosFault fault, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _lastNumber);
        var reply = await AskAsync<ChaosProtocol.IFaultReply>(
            new ChaosProtocol.InjectFault(number, node, fault), cancellationToken).ConfigureAwait(false);
        return reply switch
        {
            ChaosProtocol.FaultInjected injected => injected.Description,
            ChaosProtocol.FaultRefused refused => throw new ChaosRefusedException(refused.Reason),
            _ => throw new ChaosRefusedException($"The coordinator {at} sent an unknown answer."),
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _access.Dispose();
    }

    private async Task<T> AskAsync<T>(object question, CancellationToken cancellationToken)
    {
        await _access.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _coordinator ??= await ConnectAsync(cancellationToken).ConfigureAwait(false);
            return await PeerAsk.AskAsync<T>(_coordinator, question, AnswerTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AskTimeoutException or InvalidCastException or TimeoutException)
        {
            await CloseAsync().ConfigureAwait(false);
            throw new TimeoutException($"The coordinator {at} does not answer.", exception);
        }
        catch
        {
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _access.Release();
        }
    }

    private async Task<IActorRef> ConnectAsync(CancellationToken cancellationToken)
    {
        Loopback.RequireSafeConnection(at.Host, link.Tls, link.IsInsecure);
        _system = ActorSystemStarter.Start(
            OperatorRole.WithFallback(RoleConfiguration.CreateClient(at)),
            new LinkIdentity(new LinkKeys(null, Operators: operatorKey), link.Tls, [at]));
        var (coordinator, _) = await CoordinatorConnector.ConnectToAnyAsync(
            _system, [at], ConnectTimeout, cancellationToken).ConfigureAwait(false);
        return coordinator;
    }

    private async Task CloseAsync()
    {
        _coordinator = null;
        if (Interlocked.Exchange(ref _system, null) is { } system)
            await system.Terminate().ConfigureAwait(false);
    }
}
