using System.Globalization;
using System.Net;
using Actors.Remoting.Access;
using Akka.Configuration;

namespace Actors.Remoting;

/// <summary>The HOCON of each role, from the files in <c>config/</c>, which are part of this assembly.</summary>
internal static class RoleConfiguration
{
    /// <summary>A program with pools of its own.</summary>
    public static Config CreateLocal() => ReadFile("local.conf");

    /// <summary>A program that uses a cluster.</summary>
    /// <param name="coordinators">Where it may connect to; on this machine by default.</param>
    public static Config CreateClient(params IReadOnlyList<HostPort> coordinators) => CreateClientAddress(coordinators).WithFallback(ReadFile("client.conf")).WithFallback(ReadFile("common.conf"));

    /// <summary>A coordinator at an address.</summary>
    /// <param name="at">Where it listens.</param>
    /// <param name="seeds">All coordinators of its cluster, in the same order for each; those that start together find each other.</param>
    /// <param name="overrides">A file whose keys win.</param>
    /// <param name="isEncrypted">Whether its links are.</param>
    /// <param name="bind">The address that it listens on; null where that is its own.</param>
    public static Config CreateCoordinator(HostPort at, IReadOnlyList<HostPort> seeds, FileInfo? overrides, bool isEncrypted = false, string? bind = null) => CreateAddress(at, overrides, bind)
        .WithFallback(at.Port == 0 ? Config.Empty : CreateSeeds(at, seeds, isEncrypted))
        .WithFallback(ReadFile("coordinator.conf")).WithFallback(ReadFile("common.conf"));

    /// <summary>A worker node.</summary>
    public static Config CreateWorkerNode(HostPort at, FileInfo? overrides, string? bind = null) => CreateAddress(at, overrides, bind)
        .WithFallback(ReadFile("worker-node.conf")).WithFallback(ReadFile("common.conf"));

    /// <summary>One of the files.</summary>
    public static Config ReadFile(string file) => ConfigurationFactory.ParseString(ReadText(file));

    /// <summary>One of the files, as it is written.</summary>
    public static string ReadText(string file)
    {
        using var stream = typeof(RoleConfiguration).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not part of the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The first begins the cluster, when it is sure that there is none.</summary>
    private static Config CreateSeeds(HostPort at, IReadOnlyList<HostPort> seeds, bool isEncrypted) => ConfigurationFactory.ParseString($$"""
        akka.cluster {
          seed-nodes = [{{string.Join(", ", seeds.Select(seed => $"\"{Endpoints.SystemAddress(seed, isEncrypted)}\""))}}]
          {{(at == seeds[0] ? "seed-node-timeout = 10s" : "")}}
        }
        """);

    /// <summary>On another machine than the coordinator's, 127.0.0.1 would name somebody else.</summary>
    private static Config CreateClientAddress(IReadOnlyList<HostPort> coordinators) => coordinators.All(coordinator => Loopback.IsLoopback(coordinator.Host))
        ? Config.Empty
        : ConfigurationFactory.ParseString($"akka.remote.dot-netty.tcp {{ public-hostname = \"{Dns.GetHostName()}\"\n hostname = \"0.0.0.0\" }}");

    private static Config CreateAddress(HostPort at, FileInfo? overrides, string? bind)
    {
        var address = ConfigurationFactory.ParseString(string.Create(
            CultureInfo.InvariantCulture,
            $"akka.remote.dot-netty.tcp {{ hostname = \"{bind ?? at.Host}\"\n port = {at.Port} }}"));
        if (bind is not null)
            address = ConfigurationFactory.ParseString($"akka.remote.dot-netty.tcp.public-hostname = \"{at.Host}\"").WithFallback(address);
        return overrides is null ? address : address.WithFallback(ConfigurationFactory.ParseString(File.ReadAllText(overrides.FullName)));
    }
}
