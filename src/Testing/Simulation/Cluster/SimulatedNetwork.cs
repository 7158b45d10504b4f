namespace Actors.Testing;

/// <summary>A program at an end of a simulated connection.</summary>
/// <param name="name">The name, for messages.</param>
internal sealed class SimulatedEndpoint(string name)
{
    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>Whether the program has ended: it neither sends nor receives.</summary>
    public bool IsDown { get; set; }

    /// <summary>The program is paused until this time: messages wait for it.</summary>
    public TimeSpan PausedUntil { get; set; }
}

/// <summary>A fault of connections.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Node">The node whose connection is concerned; null for every connection.</param>
/// <param name="Since">The begin.</param>
internal sealed record LinkFault(Fault Fault, SimulatedEndpoint? Node, TimeSpan Since)
{
    /// <summary>Whether the fault concerns a message now.</summary>
    public bool Concerns(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to, TimeSpan now)
    {
        if (!Fault.Links.HasFlag(link) || now >= Since + Fault.Length)
            return false;
        if (Node is not null && Node != from && Node != to)
            return false;
        return Fault.Period <= TimeSpan.Zero || ((now - Since).Ticks / Fault.Period.Ticks % 2) == 0;
    }
}

/// <summary>
/// Carries messages between the programs of a simulation, in their order and with a random latency. Faults drop, delay, reorder and
/// duplicate them, or cut connections.
/// </summary>
/// <param name="scheduler">The simulation.</param>
/// <param name="random">Chooses latencies and the messages that faults concern.</param>
internal sealed class SimulatedNetwork(SimulationScheduler scheduler, Random random)
{
    private const double ShortestLatency = 0.05;
    private const double LongestLatency = 0.5;
    private const double LongestReordering = 50;

    private static readonly TimeSpan ResendPause = TimeSpan.FromMilliseconds(100);

    private readonly List<LinkFault> _faults = [];
    private readonly Dictionary<(SimulatedEndpoint From, SimulatedEndpoint To), TimeSpan> _lastArrivals = [];

    /// <summary>Whether messages can be lost. Without faults the programs need not check whether the others are there.</summary>
    public bool IsFaulty { get; private set; }

    private TimeSpan Now => scheduler.Clock.Elapsed;

    /// <summary>Adds a fault that begins now.</summary>
    public void AddFault(Fault fault, SimulatedEndpoint? node)
    {
        ExpectFaults();
        _faults.RemoveAll(old => Now >= old.Since + old.Fault.Length);
        _faults.Add(new LinkFault(fault, node, Now));
    }

    /// <summary>Makes the programs check whether the others are there.</summary>
    public void ExpectFaults() => IsFaulty = true;

    /// <summary>Sends a message.</summary>
    /// <param name="link">The direction.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="deliver">Called when the message arrives; more than once for a duplicate.</param>
    public void Send(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to, Action deliver)
    {
        if (from.IsDown)
            return;
        var (copies, delay, isOrdered) = (1, TimeSpan.Zero, true);
        foreach (var fault in FindFaults(link, from, to))
        {
            var isHit = random.NextDouble() < fault.Probability;
            switch (fault.Kind)
            {
                case FaultKind.DropMessages when isHit: return;
                case FaultKind.DuplicateMessages when isHit: copies = 2; break;
                case FaultKind.DelayMessages: delay += fault.Time; break;
                case FaultKind.ReorderMessages: isOrdered = false; break;
            }
        }

        for (var i = 0; i < copies; i++)
        {
            var latency = delay + GetLatency(isOrdered);
            var at = isOrdered ? KeepOrder(from, to, Now + latency) : Now + latency;
            DeliverAt(at, link, from, to, deliver, isResent: false);
        }
    }

    /// <summary>Sends a message over a connection that resends messages after a partition.</summary>
    public void SendReliably(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to, Action deliver)
    {
        if (!from.IsDown)
            DeliverAt(KeepOrder(from, to, Now + GetLatency(isOrdered: true)), link, from, to, deliver, isResent: true);
    }

    private void DeliverAt(
        TimeSpan at, NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to, Action deliver, bool isResent) =>
        scheduler.Clock.StartBackgroundTimer(at - Now, () =>
        {
            if (to.IsDown)
                return;
            if (to.PausedUntil > Now)
                DeliverAt(to.PausedUntil, link, from, to, deliver, isResent);
            else if (!IsCut(link, from, to))
                deliver();
            else if (isResent)
                DeliverAt(Now + ResendPause, link, from, to, deliver, isResent);
        });

    private bool IsCut(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to) =>
        FindFaults(link, from, to).Any(fault => fault.Kind == FaultKind.Partition);

    private IEnumerable<Fault> FindFaults(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to) => IsFaulty
        ? _faults.Where(fault => fault.Concerns(link, from, to, Now)).Select(fault => fault.Fault)
        : [];

    private TimeSpan GetLatency(bool isOrdered) => TimeSpan.FromMilliseconds(
        ShortestLatency + (random.NextDouble() * (isOrdered ? LongestLatency : LongestReordering)));

    private TimeSpan KeepOrder(SimulatedEndpoint from, SimulatedEndpoint to, TimeSpan at)
    {
        var last = _lastArrivals.GetValueOrDefault((from, to));
        return _lastArrivals[(from, to)] = at > last ? at : last;
    }
}
