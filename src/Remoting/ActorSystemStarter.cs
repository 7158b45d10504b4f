using System.Net.Sockets;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Actors.Remoting;

/// <summary>Starts an actor system, and says in words of its own what keeps it from listening.</summary>
internal static class ActorSystemStarter
{
    /// <param name="config">Its role.</param>
    /// <param name="identity">Who it is on its connections; null for a program without keys and certificates.</param>
    /// <exception cref="PortInUseException">Another program listens on the port.</exception>
    /// <exception cref="InvalidOperationException">The address cannot be listened on, or the key of the user cannot be used.</exception>
    public static ActorSystem Start(Config config, LinkIdentity? identity = null)
    {
        identity ??= new LinkIdentity(new LinkKeys(null), null, []);
        // Inside the transport a key that cannot be used would be an error of the framework's.
        if (config.GetString("akka.remote.dot-netty.tcp.hostname", null) is { } host)
            identity.GetKeysFor(host);
        try
        {
            return ActorSystem.Create(Endpoints.SystemName, CreateSetup(config, identity));
        }
        catch (Exception exception) when (FindSocketError(exception) is SocketError.AddressAlreadyInUse)
        {
            throw new PortInUseException(
                $"Port {config.GetInt("akka.remote.dot-netty.tcp.port")} of {config.GetString("akka.remote.dot-netty.tcp.hostname")} is in use: "
                + "stop the program that holds it, or choose another with --port.",
                exception);
        }
        catch (Exception exception) when (FindSocketError(exception) is not null)
        {
            throw new InvalidOperationException(
                $"Cannot listen on {config.GetString("akka.remote.dot-netty.tcp.hostname")}: {Innermost(exception).Message}", exception);
        }
    }

    private static ActorSystemSetup CreateSetup(Config config, LinkIdentity identity) => identity.Tls is { } tls
        ? BootstrapSetup.Create().WithConfig(Encrypted.WithFallback(config)).And(identity).And(tls.Setup)
        : BootstrapSetup.Create().WithConfig(config).And(identity);

    private static Config Encrypted => ConfigurationFactory.ParseString("akka.remote.dot-netty.tcp.enable-ssl = on");

    /// <summary>Where a started system listens.</summary>
    public static HostPort GetAddress(ActorSystem system) => HostPort.FromAddress(((ExtendedActorSystem)system).Provider.DefaultAddress);

    private static SocketError? FindSocketError(Exception exception) => exception switch
    {
        SocketException socket => socket.SocketErrorCode,
        AggregateException aggregate => aggregate.InnerExceptions.Select(FindSocketError).FirstOrDefault(code => code is not null),
        { InnerException: { } inner } => FindSocketError(inner),
        _ => null,
    };

    private static Exception Innermost(Exception exception) => exception.GetBaseException();
}

/// <summary>Another program listens on the port.</summary>
public sealed class PortInUseException(string message, Exception inner) : InvalidOperationException(message, inner);
