using System.Net;

namespace Actors.Remoting.Access;

/// <summary>What leaves this machine is encrypted, unless somebody says that it need not be.</summary>
internal static class Loopback
{
    /// <summary>Environment variable: 1 permits unencrypted connections to other machines, as <c>--insecure</c>.</summary>
    public const string InsecureVariable = "ACTORS_INSECURE";

    /// <summary>Whether the name is this machine's own, and of no other.</summary>
    public static bool IsLoopback(string host) => host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Refuses to talk to other machines in the clear.</summary>
    /// <param name="host">Where this process listens, or whom it connects to.</param>
    /// <param name="tls">Its identity; null for none.</param>
    /// <param name="isInsecure">Somebody has said that it need not be encrypted.</param>
    /// <exception cref="InvalidOperationException">It would.</exception>
    public static void RequireSafeConnection(string host, TlsIdentity? tls, bool isInsecure)
    {
        if (tls is not null || isInsecure || IsLoopback(host) || Environment.GetEnvironmentVariable(InsecureVariable) == "1")
            return;
        throw new InvalidOperationException(
            $"{host} is not this machine's own address, and there are no certificates: whoever reaches the port could run code here. Give a directory with "
            + $"certificates (--tls DIRECTORY, or {TlsIdentity.DirectoryVariable}), or say that the network is trusted (--insecure, or {InsecureVariable}=1).");
    }
}
