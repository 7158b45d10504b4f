using System.Security.Authentication;
using Actors.Cli.Operating;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Cli.Diagnosing;

/// <summary>Checks that a program on this machine can use a coordinator.</summary>
internal static class CoordinatorChecks
{
    /// <summary>Connects as a client does, and looks for worker nodes.</summary>
    /// <param name="at">The address of the coordinator.</param>
    /// <param name="key">The file with the key; null for that of the environment or the user.</param>
    /// <param name="tls">The directory with certificates; null for that of the environment.</param>
    /// <param name="patience">The time that the coordinator has to answer.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    public static async Task<Finding> CheckCoordinatorAsync(
        HostPort at, string? key, string? tls, TimeSpan patience, CancellationToken cancellationToken)
    {
        var name = $"coordinator {at}";
        try
        {
            var link = new LinkSettings(AccessKey.ReadFile(key), TlsIdentity.ReadDirectory(tls), IsInsecure: false);
            var session = await OperatorSession.ConnectToAnyAsync([at], link, patience, cancellationToken).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var nodes = await session.ListNodesAsync(cancellationToken).ConfigureAwait(false);
            return nodes.IsEmpty
                ? new Finding(
                    name, FindingLevel.Warning, "It answers, and has no worker nodes: no job would run. Start one with: actors worker "
                        + $"--join {at}.")
                : new Finding(
                    name, FindingLevel.Passed, $"answers; worker nodes: {nodes.Length}, slots: {nodes.Sum(node => (long)node.Slots)}");
        }
        catch (Exception exception) when (exception is TimeoutException or AuthenticationException or OtherVersionException
            or InvalidOperationException)
        {
            return new Finding(name, FindingLevel.Problem, exception.Message);
        }
    }
}
