using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Actors.Logging;
using Actors.Remoting;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Runtime;

/// <summary>
/// Logs that the coordinator was lost or reconnected: one message for all pools and managers that share the connection. Also logs files
/// with secrets that other users may read. Thread-safe.
/// </summary>
internal static class ConnectionLog
{
    private static readonly ConditionalWeakTable<ActorSystem, object> LostConnections = [];
    private static readonly ConditionalWeakTable<ActorSystem, object> NewConnections = [];
    private static readonly ConcurrentDictionary<string, bool> LoggedExposures = new();

    /// <summary>Logs, once for each file, that other users may read a secret.</summary>
    public static void LogExposures(AccessKey? key, TlsIdentity? tls)
    {
        foreach (var warning in new[] { key?.Exposure, tls?.Exposure }.OfType<string>())
        {
            if (LoggedExposures.TryAdd(warning, true))
                Write(ClientEvent.SecretExposed, $"{warning}");
        }
    }

    /// <summary>Logs the loss of a connection.</summary>
    /// <param name="lost">The lost connection.</param>
    /// <param name="patience">The time limit for reconnecting.</param>
    public static void LogLoss(IClientRuntime lost, TimeSpan patience)
    {
        if (LostConnections.TryAdd(lost.System, new object()))
        {
            Write(
                ClientEvent.CoordinatorLost,
                $"coordinator lost; reconnecting for {patience.TotalSeconds:0.###} s (it was at {AddressOf(lost)})");
        }
    }

    /// <summary>Logs a reconnect after <see cref="LogLoss"/>.</summary>
    public static void LogReconnect(IClientRuntime lost, IClientRuntime next)
    {
        if (LostConnections.TryGetValue(lost.System, out _) && NewConnections.TryAdd(next.System, new object()))
            Write(ClientEvent.CoordinatorReconnected, $"reconnected to the coordinator at {AddressOf(next)}");
    }

    /// <summary>Logs that no coordinator has answered yet.</summary>
    /// <param name="addresses">The addresses of the coordinators.</param>
    /// <param name="patience">The time limit for connecting.</param>
    public static void LogWait(IEnumerable<HostPort> addresses, TimeSpan patience) =>
        Write(
            ClientEvent.CoordinatorAwaited,
            $"no coordinator answers at {string.Join(", ", addresses)} yet; {DescribeLimit(patience)}");

    private static string DescribeLimit(TimeSpan patience) => patience == Timeout.InfiniteTimeSpan
        ? "waiting without limit"
        : FormattableString.Invariant($"waiting for up to {patience.TotalSeconds:0.###} s");

    private static string AddressOf(IClientRuntime runtime) =>
        runtime.Coordinator.Path.Address is { Host: { } host, Port: var port } ? $"{host}:{port}" : "this program";

    private static void Write(ClientEvent kind, FormattableString formatted)
    {
        var text = FormattableString.Invariant(formatted);
        var level = kind == ClientEvent.CoordinatorReconnected ? "INFO" : "WARNING";
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        _ = ClientLog.WriteAsync(new ClientMessage(kind, text) { Line = $"{time} [{level}] Actors: {text}" });
    }
}
