using System.Globalization;
using System.Net;
using Actors.Remoting.Access;
using Akka.Configuration;

namespace Actors.Remoting;

/// <summary>Creates the configuration of each role from the files in <c>config/</c>, which are embedded in this assembly.</summary>
public static class RoleConfiguration
{
    /// <summary>Creates the configuration of a program with local pools.</summary>
    public static Config CreateLocal() => ReadFile("local.conf");

    /// <summary>Creates the configuration of a client of a cluster.</summary>
    /// <param name="coordinators">The addresses of the coordinators; none for this machine.</param>
    public static Config CreateClient(params IReadOnlyList<HostPort> coordinators) =>
        CreateClientAddress(coordinators).WithFallback(ReadFile("client.conf")).WithFallback(ReadFile("common.conf"));

    /// <summary>Creates the configuration of a coordinator.</summary>
    /// <param name="at">The address of the coordinator.</param>
    /// <param name="seeds">
    /// The addresses of all coordinators of the cluster, in the same order for each of them. Coordinators that start together find each
    /// other.
    /// </param>
    /// <param name="overrides">A file whose settings take precedence; null for none.</param>
    /// <param name="isEncrypted">Whether connections are encrypted.</param>
    /// <param name="bind">The address that the program listens on; null for its own address.</param>
    public static Config CreateCoordinator(
        HostPort at, IReadOnlyList<HostPort> seeds, FileInfo? overrides, bool isEncrypted = false, string? bind = null) =>
        CreateAddress(at, overrides, bind)
        .WithFallback(at.Port == 0 ? Config.Empty : CreateSeeds(at, seeds, isEncrypted))
        .WithFallback(ReadFile("coordinator.conf")).WithFallback(ReadFile("common.conf"));

    /// <summary>Creates the configuration of a worker node.</summary>
    public static Config CreateWorkerNode(HostPort at, FileInfo? overrides, string? bind = null) => CreateAddress(at, overrides, bind)
        .WithFallback(ReadFile("worker-node.conf")).WithFallback(ReadFile("common.conf"));

    /// <summary>Reads one of the files.</summary>
    public static Config ReadFile(string file) => ConfigurationFactory.ParseString(ReadText(file));

    /// <summary>Reads the text of one of the files.</summary>
    public static string ReadText(string file)
    {
        using var stream = typeof(RoleConfiguration).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Finds out why a file of overrides cannot be parsed; null if it can.</summary>
    public static string? FindError(FileInfo overrides)
    {
        try
        {
            ConfigurationFactory.ParseString(File.ReadAllText(overrides.FullName));
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The parser throws exceptions of many types.
            return $"The file {overrides.FullName} is not HOCON: {exception.Message}";
        }
    }

    /// <summary>Creates the list of seeds. The first seed starts a new cluster when it is sure that none exists.</summary>
    private static Config CreateSeeds(HostPort at, IReadOnlyList<HostPort> seeds, bool isEncrypted) =>
        ConfigurationFactory.ParseString($$"""
        akka.cluster {
          seed-nodes = [{{string.Join(", ", seeds.Select(seed => $"\"{Endpoints.SystemAddress(seed, isEncrypted)}\""))}}]
          {{(at == seeds[0] ? "seed-node-timeout = 10s" : "")}}
        }
        """);

    /// <summary>Creates the address of a client. If a coordinator is on another machine, 127.0.0.1 would name that machine.</summary>
    private static Config CreateClientAddress(IReadOnlyList<HostPort> coordinators) =>
        coordinators.All(coordinator => Loopback.IsLoopback(coordinator.Host))
        ? Config.Empty
        : ConfigurationFactory.ParseString(
            $"akka.remote.dot-netty.tcp {{ public-hostname = \"{Dns.GetHostName()}\"\n hostname = \"0.0.0.0\" }}");

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
