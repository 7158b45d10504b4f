using System.Net;

namespace Actors.Remoting.Access;

/// <summary>Requires encrypted connections to other machines, unless the user turns that off.</summary>
public static class Loopback
{
    /// <summary>Environment variable: 1 permits unencrypted connections to other machines, as <c>--insecure</c>.</summary>
    public const string InsecureVariable = "ACTORS_INSECURE";

    /// <summary>Whether a host name always means this machine.</summary>
    public static bool IsLoopback(string host) =>
        host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Refuses unencrypted connections to other machines.</summary>
    /// <param name="host">The host that this process listens on or connects to.</param>
    /// <param name="tls">The certificates of this process; null for none.</param>
    /// <param name="isInsecure">Whether the user permits unencrypted connections.</param>
    /// <exception cref="InvalidOperationException">The host is not this machine, and the connection would not be encrypted.</exception>
    public static void RequireSafeConnection(string host, TlsIdentity? tls, bool isInsecure)
    {
        if (tls is not null || isInsecure || IsLoopback(host) || Environment.GetEnvironmentVariable(InsecureVariable) == "1")
            return;
        throw new InvalidOperationException(
            $"{host} is not this machine's own address, and there are no certificates: any program that reaches the port could run code "
            + $"here. Name a directory with certificates (;Tls=DIRECTORY in a connection string, --tls DIRECTORY on a command line, or "
            + $"{TlsIdentity.DirectoryVariable}), or state that the network is trusted (--insecure on a command line, or "
            + $"{InsecureVariable}=1).");
    }
}
