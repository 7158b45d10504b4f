using System.Collections.Concurrent;

namespace Actors.Faults.Tests.Primitives;

/// <summary>Tries each kind of fault once, before a test relies on it.</summary>
internal static class PrimitiveProbe
{
    private static readonly ConcurrentDictionary<Primitive, Lazy<string?>> Found = new();

    /// <summary>Returns the reason why this machine cannot cause a fault; null if it can.</summary>
    public static string? FindMissing(Primitive primitive) =>
        Found.GetOrAdd(primitive, key => new Lazy<string?>(() => Try(key, ActionOf(key)))).Value;

    /// <summary>Returns the reason why a probe fails; null if it succeeds.</summary>
    internal static string? Try(Primitive primitive, Action probe)
    {
        if (!Environment.IsPrivilegedProcess)
            return $"{primitive}: this fault needs the rights of root.";
        try
        {
            probe();
            return null;
        }
        catch (Exception exception)
        {
            return $"{primitive}: this machine cannot cause the fault. {exception.GetBaseException().Message}";
        }
    }

    internal static Action ActionOf(Primitive primitive) => primitive switch
    {
        Primitive.FullDisk => FullDisk.Probe,
        Primitive.LoopDisk => LoopDisk.Probe,
        Primitive.Postgres => PostgresServer.Probe,
        Primitive.Descriptors => Descriptors.Probe,
        Primitive.Memory => MemoryLimit.Probe,
        Primitive.Clock => SkewedClock.Probe,
        Primitive.Network => FaultNetwork.Probe,
        Primitive.PacketSwitch => PacketSwitch.Probe,
        _ => throw new ArgumentOutOfRangeException(nameof(primitive), primitive, "The fault has no probe."),
    };
}
