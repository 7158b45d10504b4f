using Actors.Logging;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting;

/// <summary>
/// Writes the messages of all pools and managers of the program to the log of the host instead of standard error, from its creation to its
/// disposal. The services create it before the pools, and so dispose it after them.
/// </summary>
internal sealed class ClientLogForwarder : IDisposable
{
    private readonly ILogger _logger;

    public ClientLogForwarder(ILogger<ClientLogForwarder> logger)
    {
        _logger = logger;
        ClientLog.AddReceiver(WriteMessage);
    }

    public void Dispose() => ClientLog.RemoveReceiver(WriteMessage);

    private void WriteMessage(ClientMessage message)
    {
        Action<ILogger, string, Exception?> write = message.Event switch
        {
            ClientEvent.CoordinatorLost => ClientEventLog.CoordinatorLost,
            ClientEvent.CoordinatorReconnected => ClientEventLog.CoordinatorReconnected,
            ClientEvent.CoordinatorAwaited => ClientEventLog.CoordinatorAwaited,
            ClientEvent.FailureUnobserved => ClientEventLog.FailureUnobserved,
            ClientEvent.PoolDisposedEarly => ClientEventLog.PoolDisposedEarly,
            ClientEvent.PoolForgotten => ClientEventLog.PoolForgotten,
            ClientEvent.SecretExposed => ClientEventLog.SecretExposed,
            _ => ClientEventLog.CallbackFailed,
        };
        write(_logger, message.Text, message.Exception);
    }
}
