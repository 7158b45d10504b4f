using System.Collections.Concurrent;
using Actors.Messages.Storage;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;

namespace Actors.Runtime;

/// <summary>
/// Finds or creates the runtime for a coordinator. All pools and managers of one coordinator share it, and the last to be disposed ends it.
/// </summary>
internal static class ClientRuntime
{
    // One lock for each runtime: a coordinator that does not answer must not block the others.
    private static readonly ConcurrentDictionary<string, SharedRuntime> Shared = new();

    /// <summary>The default time limit for the first connection to a coordinator.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The time limit of one attempt to connect again. It is repeated.</summary>
    public static readonly TimeSpan ReconnectTimeout = TimeSpan.FromSeconds(10);

    /// <param name="connect">The connection string of coordinators; null for one in this process.</param>
    /// <param name="patience">The time that a coordinator has to answer.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers.</exception>
    /// <exception cref="FormatException">The address is invalid.</exception>
    public static Task<IClientRuntime> AcquireRuntimeAsync(string? connect, TimeSpan patience, CancellationToken cancellationToken) =>
        AcquireRuntimeAsync(
            connect, connect is null ? null : AccessKey.ReadFile(ConnectionTarget.Parse(connect).KeyFile), patience, cancellationToken);

    /// <param name="connect">The connection string of coordinators; null for one in this process.</param>
    /// <param name="access">The coordinator's key; null for none.</param>
    /// <param name="patience">The time that a coordinator has to answer.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers.</exception>
    /// <exception cref="FormatException">The address is invalid.</exception>
    /// <exception cref="BundleException">The program was published without reflection.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys differ.</exception>
    public static Task<IClientRuntime> AcquireRuntimeAsync(
        string? connect, AccessKey? access, TimeSpan patience, CancellationToken cancellationToken)
    {
        PublishedForm.RequireReflection();
        var key = connect is null ? "local" : $"at {connect} with {access?.Fingerprint}";
        return Shared.GetOrAdd(
            key, _ => new SharedRuntime((time, token) => StartRuntimeAsync(connect, access, time, token)))
            .AcquireUseAsync(patience, cancellationToken);
    }

    /// <summary>
    /// Starts the runtime on another thread: the caller may be on a thread that reads a broken socket, and the start of an actor system
    /// waits for continuations there.
    /// </summary>
    private static Task<IClientRuntime> StartRuntimeAsync(
        string? connect, AccessKey? access, TimeSpan patience, CancellationToken cancellationToken) =>
        Task.Run(
        () =>
        {
            OwnedMemory.RemoveAbandoned();
            return connect is null
                ? Task.FromResult(LocalRuntime.StartLocal())
                : RemoteRuntime.ConnectAsync(ConnectionTarget.Parse(connect), access, patience, cancellationToken);
        },
        cancellationToken);
}
