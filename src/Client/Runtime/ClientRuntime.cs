using System.Collections.Concurrent;
using Actors.Messages.Storage;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;

namespace Actors.Runtime;

/// <summary>Finds or makes the runtime for a coordinator: all pools and managers of one share it, and the last to go ends it.</summary>
internal static class ClientRuntime
{
    // Each by itself: who waits for a coordinator that does not answer holds up nobody who wants another.
    private static readonly ConcurrentDictionary<string, SharedRuntime> Shared = new();

    /// <param name="connect">HOST:PORT of a coordinator, or of several with commas between; null for one in this process.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers.</exception>
    /// <exception cref="FormatException">The address is none.</exception>
    public static Task<IClientRuntime> AcquireAsync(string? connect, CancellationToken cancellationToken) =>
        AcquireAsync(connect, connect is null ? null : AccessKey.OfFile(null), cancellationToken);

    /// <param name="connect">HOST:PORT of a coordinator, or of several with commas between; null for one in this process.</param>
    /// <param name="access">The coordinator's key; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers.</exception>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="BundleException">The program was published in a form without reflection.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The keys differ.</exception>
    public static Task<IClientRuntime> AcquireAsync(string? connect, AccessKey? access, CancellationToken cancellationToken)
    {
        PublishedForm.RequireReflection();
        var key = connect is null ? "local" : $"at {connect} with {access?.Fingerprint}";
        return Shared.GetOrAdd(key, _ => new SharedRuntime(token => StartAsync(connect, access, token))).AcquireAsync(cancellationToken);
    }

    /// <summary>
    /// On a thread of its own: who asks may be on the one that has read from a socket that a link broke, and the start of an actor system waits for what would be continued there.
    /// </summary>
    private static Task<IClientRuntime> StartAsync(string? connect, AccessKey? access, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            OwnedMemory.RemoveLeft();
            return connect is null
                ? Task.FromResult(LocalRuntime.Start())
                : RemoteRuntime.ConnectAsync(HostPort.ParseList(connect), access, cancellationToken);
        },
        cancellationToken);
}
