using Actors.Messages.Objects.Kinds;

namespace Actors.Simulation.Tests.Objects;

/// <summary>A service and the calls that its host has served.</summary>
internal sealed class CheckedService(SimulatedObject service)
{
    private readonly HashSet<long> _served = [];
    private readonly HashSet<long> _hosts = [];
    private long _lastArgument;

    public SimulatedObject Object => service;

    /// <summary>The sessions that serve, or may have done so.</summary>
    public IReadOnlyCollection<long> Hosts => _hosts;

    /// <summary>Whether the service has delivered a call, so that it knows its host.</summary>
    public bool IsServed => _served.Count > 0;

    public void AddHost(long session) => _hosts.Add(session);

    /// <summary>An argument that no other call has.</summary>
    public long NextArgument() => ++_lastArgument;

    /// <returns>Whether the call was not served before.</returns>
    public bool AddServed(long argument) => _served.Add(argument);

    public bool HasServed(long argument) => _served.Contains(argument);

    /// <summary>Whether the call of an argument throws.</summary>
    public static bool Throws(long argument) => argument % 5 == 0;

    /// <summary>The answer to a call.</summary>
    public static ServiceServe Answer(long call, long argument) => new(call, Throws(argument), ObjectWorld.Encode(-argument));
}
