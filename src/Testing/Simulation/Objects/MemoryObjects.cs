using Actors.Messages.Objects;

namespace Actors.Testing;

/// <summary>Managed objects of a pool in memory without a network: messages arrive at once.</summary>
internal sealed class MemoryObjects : IObjectTransport
{
    private static int _count;

    /// <param name="clock">The clock of timeouts.</param>
    public MemoryObjects(TimeProvider clock)
    {
        Owner = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"memory-{Interlocked.Increment(ref _count)}");
        Clock = clock;
        Host = new ObjectHost(Owner, clock);
        Client = new SimulatedObjectChannel(this, null);
    }

    /// <inheritdoc/>
    public string Owner { get; }

    /// <inheritdoc/>
    public TimeProvider Clock { get; }

    /// <inheritdoc/>
    public ObjectHost Host { get; }

    /// <summary>The connection of the test to the objects.</summary>
    public SimulatedObjectChannel Client { get; }

    /// <inheritdoc/>
    public void SendToHost(IObjectCaller from, ObjectHost host, Action deliver) => deliver();

    /// <inheritdoc/>
    public void SendToCaller(IObjectCaller to, ObjectHost host, Action deliver) => deliver();

    /// <summary>Returns the connection that a job uses: that of its worker, unless its objects belong to another manager.</summary>
    public IObjectChannel? ChooseChannel(IObjectChannel? client, SimulatedObjectChannel worker) => client == Client ? worker : client;
}
