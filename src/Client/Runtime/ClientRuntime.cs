using System.Collections.Concurrent;
using Actors.Messages.Pools;
using Actors.Messages.Storage;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;

namespace Actors.Runtime;

/// <summary>
/// Finds the connection to a coordinator. All pools and managers of one coordinator share it, and the last to be disposed ends it.
/// </summary>
internal static class ClientRuntime
{
    // One connection for each address list and key: a coordinator that does not answer must not block the others.
    private static readonly ConcurrentDictionary<string, CoordinatorConnection> Connections = new();

    /// <summary>The default time limit for the first connection to a coordinator.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    /// <param name="connect">The connection string of coordinators; null for one in this process.</param>
    /// <exception cref="FormatException">The address is invalid.</exception>
    /// <exception cref="BundleException">The program was published without reflection.</exception>
    public static CoordinatorConnection FindConnection(string? connect) =>
        FindConnection(connect, connect is null ? null : ConnectionTarget.Parse(connect).ReadKey());

    /// <param name="connect">The connection string of coordinators; null for one in this process.</param>
    /// <param name="access">The coordinator's key; null for none.</param>
    /// <exception cref="BundleException">The program was published without reflection.</exception>
    public static CoordinatorConnection FindConnection(string? connect, AccessKey? access)
    {
        PublishedForm.RequireReflection();
        var key = connect is null ? "local" : $"at {connect} with {access?.Fingerprint}";
        return Connections.GetOrAdd(
            key, _ => new CoordinatorConnection((first, limit, token) => StartRuntimeAsync(connect, access, first, limit, token)));
    }

    /// <summary>
    /// Starts the runtime on another thread: the caller may be on a thread that reads a broken socket, and the start of an actor system
    /// waits for continuations there.
    /// </summary>
    private static Task<IClientRuntime> StartRuntimeAsync(
        string? connect, AccessKey? access, PoolSpec? first, TimeSpan patience, CancellationToken cancellationToken) =>
        Task.Run(
        () =>
        {
            OwnedMemory.RemoveAbandoned();
            return connect is null
                ? Task.FromResult(LocalRuntime.StartLocal(first))
                : RemoteRuntime.ConnectAsync(ConnectionTarget.Parse(connect), access, patience, cancellationToken);
        },
        cancellationToken);
}
