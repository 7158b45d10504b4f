using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>
/// An attacker's actor system: Akka.NET with its own defaults, without keys, by default under the name of this library's systems.
/// </summary>
internal sealed class PlainActorSystem : IAsyncDisposable
{
    public PlainActorSystem(string provider = "remote", string extra = "", string name = "actors")
    {
        var settings = ConfigurationFactory.ParseString(extra).WithFallback(ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor.provider = {{provider}}
              actor.serializers.raw = "{{typeof(RawSerializer).AssemblyQualifiedName}}"
              actor.serialization-bindings { "{{typeof(RawMessage).AssemblyQualifiedName}}" = raw }
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
              coordinated-shutdown.exit-clr = off
            }
            """));
        System = (ExtendedActorSystem)ActorSystem.Create(name, settings);
    }

    public ExtendedActorSystem System { get; }

    public static Address AddressOf(int port, string name = "actors") => new("akka.tcp", name, "127.0.0.1", port);

    /// <summary>Sends a message to a path of another system, wildcards included.</summary>
    public void Send(int port, string path, object message) => System.ActorSelection($"{AddressOf(port)}{path}").Tell(message);

    /// <summary>Whether an actor of the other system answers to its path.</summary>
    public async Task<bool> IsAnsweredAsync(int port, string path)
    {
        try
        {
            var found = await System.ActorSelection($"{AddressOf(port)}{path}")
                .Ask<ActorIdentity>(new Identify(1), TimeSpan.FromSeconds(3));
            return found.Subject is not null;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync() => await System.Terminate();

    /// <summary>Bytes that travel as a message of any serializer and manifest.</summary>
    public sealed record RawMessage(string Manifest, byte[] Bytes);

    public sealed class RawSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 1001;

        public override string Manifest(object o) => ((RawMessage)o).Manifest;

        public override byte[] ToBinary(object obj) => ((RawMessage)obj).Bytes;

        public override object FromBinary(byte[] bytes, string manifest) => throw new SerializationException("Only sent.");
    }
}
