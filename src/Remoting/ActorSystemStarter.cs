using System.Net.Sockets;
using Actors.Remoting.Access;
using Actors.Remoting.Chaos;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Actors.Remoting;

/// <summary>Starts an actor system. If it cannot listen, the error message names the reason and the remedy.</summary>
public static class ActorSystemStarter
{
    /// <param name="config">The configuration of the role.</param>
    /// <param name="identity">The keys and certificates; null for none.</param>
    /// <param name="chaos">The faults that may be injected; null for none.</param>
    /// <param name="extend">Adds more settings; null for none.</param>
    /// <exception cref="NotSupportedException">The version of Akka.Remote is not supported.</exception>
    /// <exception cref="PortInUseException">Another program listens on the port.</exception>
    /// <exception cref="InvalidOperationException">
    /// The program cannot listen on the address, or the key of the user cannot be used.
    /// </exception>
    public static ActorSystem Start(Config config, LinkIdentity? identity = null, ChaosSetup? chaos = null,
        Func<ActorSystemSetup, ActorSystemSetup>? extend = null)
    {
        LinkChannel.RequireSupported();
        identity ??= new LinkIdentity(new LinkKeys(null), null, []);
        // Check the key first: an error inside the transport would be reported as an error of the framework.
        if (config.GetString("akka.remote.dot-netty.tcp.hostname", null) is { } host)
            identity.GetKeysFor(host);
        try
        {
            var setup = CreateSetup(identity, chaos);
            return Start(identity.Tls is null ? config : Encrypted.WithFallback(config), extend?.Invoke(setup) ?? setup);
        }
        catch (Exception exception) when (FindSocketError(exception) is SocketError.AddressAlreadyInUse)
        {
            throw new PortInUseException(
                $"Port {config.GetInt("akka.remote.dot-netty.tcp.port")} of {config.GetString("akka.remote.dot-netty.tcp.hostname")} is in "
                + "use: stop the program that holds it, or choose another with --port.",
                exception);
        }
        catch (Exception exception) when (FindSocketError(exception) is not null)
        {
            throw new InvalidOperationException(
                $"Cannot listen on {config.GetString("akka.remote.dot-netty.tcp.hostname")}: "
                + $"{exception.GetBaseException().Message}", exception);
        }
    }

    /// <summary>
    /// Starts a system as <see cref="ActorSystem.Create(string, ActorSystemSetup)"/> does. That method also reads the program's
    /// <c>app.config</c>, which it does not use here, and loads the code for it: a tenth of the time of a start.
    /// </summary>
    private static ActorSystemImpl Start(Config config, ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(Endpoints.SystemName, config, setup);
        system.Start();
        return system;
    }

    private static ActorSystemSetup CreateSetup(LinkIdentity identity, ChaosSetup? chaos)
    {
        var setup = identity.Tls is { } tls ? identity.And(tls.Setup) : ActorSystemSetup.Create(identity);
        return chaos is null ? setup : setup.And(chaos);
    }

    private static Config Encrypted => ConfigurationFactory.ParseString("akka.remote.dot-netty.tcp.enable-ssl = on");

    /// <summary>Gets the address that a started system listens on.</summary>
    public static HostPort GetAddress(ActorSystem system) => HostPort.FromAddress(((ExtendedActorSystem)system).Provider.DefaultAddress);

    private static SocketError? FindSocketError(Exception exception) => exception switch
    {
        SocketException socket => socket.SocketErrorCode,
        AggregateException aggregate => aggregate.InnerExceptions.Select(FindSocketError).FirstOrDefault(code => code is not null),
        { InnerException: { } inner } => FindSocketError(inner),
        _ => null,
    };

}
