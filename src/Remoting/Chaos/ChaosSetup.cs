using Akka.Actor;
using Akka.Actor.Setup;

namespace Actors.Remoting.Chaos;

/// <summary>
/// The faults that may be injected into an actor system. Only a program that was started with <c>--allow-chaos</c> has them, so that the
/// connections and journals of other programs contain no code for faults at all.
/// </summary>
public sealed class ChaosSetup : Setup
{
    /// <summary>The option that permits faults.</summary>
    public const string AllowOption = "--allow-chaos";

    /// <summary>The faults of connections.</summary>
    public LinkFaults Links { get; } = new();

    /// <summary>The faults of the store.</summary>
    public DiskFaults Disk { get; } = new();

    /// <summary>Gets the faults of an actor system; null if it does not permit them.</summary>
    public static ChaosSetup? FindSetup(ActorSystem system) =>
        system.Settings.Setup.Get<ChaosSetup>() is { HasValue: true } given ? given.Value : null;
}
