using System.Globalization;
using System.Runtime.CompilerServices;
using Actors.Pools;
using Akka.Actor;

namespace Actors.Runtime;

/// <summary>
/// Says on standard error that the coordinator was lost and found again: one line for all pools and managers that share the connection.
/// Thread-safe.
/// </summary>
internal static class ConnectionLog
{
    private static readonly ConditionalWeakTable<ActorSystem, object> LostConnections = [];
    private static readonly ConditionalWeakTable<ActorSystem, object> NewConnections = [];

    /// <summary>A connection is lost, and another is looked for.</summary>
    /// <param name="lost">The lost one.</param>
    /// <param name="patience">For how long.</param>
    public static void Lost(IClientRuntime lost, TimeSpan patience)
    {
        if (LostConnections.TryAdd(lost.System, new object()))
            Write("WARNING", $"coordinator lost; reconnecting for {patience.TotalSeconds:0.###} s (it was at {AddressOf(lost)})");
    }

    /// <summary>Another connection was found after <see cref="Lost"/>.</summary>
    public static void Reconnected(IClientRuntime lost, IClientRuntime next)
    {
        if (LostConnections.TryGetValue(lost.System, out _) && NewConnections.TryAdd(next.System, new object()))
            Write("INFO", $"reconnected to the coordinator at {AddressOf(next)}");
    }

    private static string AddressOf(IClientRuntime runtime) =>
        runtime.Coordinator.Path.Address is { Host: { } host, Port: var port } ? $"{host}:{port}" : "this program";

    private static void Write(string level, FormattableString text)
    {
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        _ = StandardError.WriteLineAsync($"{time} [{level}] Actors: {FormattableString.Invariant(text)}");
    }
}
