namespace Actors.Testing;

/// <summary>
/// Carries messages between the programs of a simulation, with a random latency. Faults drop, delay, reorder and duplicate them, or cut
/// connections. Messages of pools are sent once, in order unless a fault reorders them, and the programs repeat those that are lost.
/// Messages of managed objects use connections that do that themselves (<see cref="ReliableStream"/>).
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
    private readonly Dictionary<(SimulatedEndpoint From, SimulatedEndpoint To, object Process), ReliableStream> _streams = [];

    /// <summary>Whether messages can be lost. Without faults the programs need not check whether the others are there.</summary>
    public bool IsFaulty { get; private set; }

    private TimeSpan Now => scheduler.Clock.Elapsed;

    /// <summary>Adds a fault that begins now.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="node">The node whose connection is concerned; null for every connection.</param>
    /// <param name="hadEffect">Called for each message that the fault changes.</param>
    public void AddFault(Fault fault, SimulatedEndpoint? node, Action hadEffect)
    {
        ExpectFaults();
        _faults.RemoveAll(old => Now >= old.Since + old.Fault.Length);
        _faults.Add(new LinkFault(fault, node, Now, hadEffect));
    }

    /// <summary>Makes the programs check whether the others are there.</summary>
    public void ExpectFaults() => IsFaulty = true;

    /// <summary>Sends a message of a pool.</summary>
    /// <param name="link">The direction.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="deliver">Called when the message arrives; more than once for a duplicate.</param>
    public void Send(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to, Action deliver)
    {
        if (from.IsDown)
            return;
        var faults = ChooseFaults(link, from, to);
        if (faults.IsLost)
            return;
        for (var i = faults.IsDoubled ? 0 : 1; i < 2; i++)
        {
            var at = GetDeparture(from) + faults.Delay + ChooseLatency(faults.IsReordered);
            if (!faults.IsReordered)
                at = KeepOrder(from, to, at);
            DeliverAt(at, to, () =>
            {
                if (!IsCut(link, from, to))
                    deliver();
            });
        }
    }

    /// <summary>Sends a message between a process and managed objects: messages of one process arrive once, in their order.</summary>
    /// <param name="link">The direction.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="process">The process that calls the objects.</param>
    /// <param name="deliver">Called when the message arrives.</param>
    public void SendReliably(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to, object process, Action deliver)
    {
        if (from.IsDown)
            return;
        if (!_streams.TryGetValue((from, to, process), out var stream))
            stream = _streams[(from, to, process)] = new ReliableStream();
        Transmit(link, from, to, stream.AddMessage(deliver));
    }

    /// <summary>Transmits a message of a stream, again and again until it arrives.</summary>
    private void Transmit(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to, Action onArrived)
    {
        var faults = ChooseFaults(link, from, to);
        var latency = faults.IsLost ? ResendPause : faults.Delay + ChooseLatency(faults.IsReordered);
        DeliverAt(GetDeparture(from) + latency, to, () =>
        {
            if (faults.IsLost)
                Transmit(link, from, to, onArrived);
            else if (IsCut(link, from, to))
                DeliverAt(Now + ResendPause, to, () => Transmit(link, from, to, onArrived));
            else
                onArrived();
        });
    }

    private void DeliverAt(TimeSpan at, SimulatedEndpoint to, Action deliver) =>
        scheduler.Clock.StartBackgroundTimer(at - Now, () =>
        {
            if (to.IsDown)
                return;
            if (to.PausedUntil > Now)
                DeliverAt(to.PausedUntil, to, deliver);
            else
                deliver();
        });

    private MessageFaults ChooseFaults(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to)
    {
        var chosen = default(MessageFaults);
        foreach (var fault in FindFaults(link, from, to))
        {
            var isHit = random.NextDouble() < fault.Fault.Probability;
            var changed = fault.Fault.Kind switch
            {
                FaultKind.DropMessages when isHit => chosen with { IsLost = true },
                FaultKind.DuplicateMessages when isHit => chosen with { IsDoubled = true },
                FaultKind.DelayMessages => chosen with { Delay = chosen.Delay + fault.Fault.Time },
                FaultKind.ReorderMessages => chosen with { IsReordered = true },
                _ => (MessageFaults?)null,
            };
            if (changed is null)
                continue;
            chosen = changed.Value;
            fault.HadEffect();
        }

        return chosen;
    }

    private bool IsCut(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to)
    {
        var cut = FindFaults(link, from, to).FirstOrDefault(static fault => fault.Fault.Kind == FaultKind.Partition);
        cut?.HadEffect();
        return cut is not null;
    }

    private IEnumerable<LinkFault> FindFaults(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to) =>
        IsFaulty ? _faults.Where(fault => fault.Concerns(link, from, to, Now)) : [];

    private TimeSpan ChooseLatency(bool isReordered) => TimeSpan.FromMilliseconds(
        ShortestLatency + (random.NextDouble() * (isReordered ? LongestReordering : LongestLatency)));

    /// <summary>The messages of a paused program leave it after the pause.</summary>
    private TimeSpan GetDeparture(SimulatedEndpoint from) => from.PausedUntil > Now ? from.PausedUntil : Now;

    private TimeSpan KeepOrder(SimulatedEndpoint from, SimulatedEndpoint to, TimeSpan at)
    {
        var last = _lastArrivals.GetValueOrDefault((from, to));
        return _lastArrivals[(from, to)] = at > last ? at : last;
    }
}
