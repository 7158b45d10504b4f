using Actors.Messages.Nodes;

namespace Actors.Simulation.Tests.Kernel;

/// <summary>
/// Delivers messages between parts. As over one TCP connection, messages between two parts keep their order. Faults lose, double and delay
/// single messages, cut hosts off, and break connections: then messages in transit are lost, and both sides learn of it, each at its time.
/// Within one host nothing is lost.
/// </summary>
internal sealed class SimulatedNetwork(SimulatedWorld world)
{
    private readonly Dictionary<(int From, int To), TimeSpan> _lastArrivals = [];
    private readonly Dictionary<(int Low, int High), int> _connections = [];
    private readonly Dictionary<(int From, int To), (TimeSpan Until, bool IsLossy)> _partitions = [];
    private readonly List<MessageFault> _faults = [];
    private long _sent;

    /// <summary>Sends a message.</summary>
    public void Send(SimulatedPart from, SimulatedPart to, object message)
    {
        if (from.Host == to.Host)
        {
            world.Schedule(TimeSpan.Zero, to, () => Deliver(from, to, message));
            return;
        }

        var number = ++_sent;
        var delay = TimeSpan.FromMicroseconds(500 + world.Mix(number, 1000));
        var overtakes = false;
        foreach (var fault in TakeFaults(message))
        {
            if (world.IsTraced)
                world.Trace($"{from.Host.Name} -> {to.Host.Name} {message.GetType().Name}: {fault.Kind}");
            if (fault.Kind == StepKind.DropMessages)
                return;
            if (fault.Kind == StepKind.DuplicateMessage)
                Transmit(from, to, message, delay + fault.Delay, overtakes: true);
            else
                (delay, overtakes) = (delay + fault.Delay, true);
        }

        if (_partitions.TryGetValue((from.Host.Number, to.Host.Number), out var cut) && cut.Until > world.Now)
        {
            if (cut.IsLossy)
                return;
            delay += cut.Until - world.Now;
        }

        Transmit(from, to, message, delay, overtakes);
    }

    /// <summary>
    /// Tells a part of the end of another. Unlike messages, this is never lost: a cut delays it. It follows the messages of that part.
    /// </summary>
    public void NotifyTerminated(SimulatedPart part, SimulatedPart watcher)
    {
        var at = Later(world.Now + TimeSpan.FromMilliseconds(1), LastArrival(part, watcher));
        if (_partitions.TryGetValue((part.Host.Number, watcher.Host.Number), out var cut))
            at = Later(at, cut.Until);
        world.ScheduleAt(at, watcher, () => watcher.OnTerminated(part));
    }

    /// <summary>Affects one or some of the next messages.</summary>
    public void AddFault(StepKind kind, int argument)
    {
        if (kind == StepKind.DropMessages)
            _faults.Add(new MessageFault(kind, argument % 12, 1, TimeSpan.Zero));
        else
        {
            var delay = TimeSpan.FromMilliseconds(argument / 12 % 3000);
            _faults.Add(new MessageFault(kind, argument % 12, 1, delay) { IsForJobs = argument % 2 == 0 });
        }
    }

    /// <summary>Cuts two hosts off from each other, in one or both directions.</summary>
    public void AddPartition(SimulatedHost left, SimulatedHost right, TimeSpan time, bool isLossy, bool isOneWay)
    {
        _partitions[(left.Number, right.Number)] = (world.Now + time, isLossy);
        if (!isOneWay)
            _partitions[(right.Number, left.Number)] = (world.Now + time, isLossy);
    }

    /// <summary>Breaks the connection between two hosts.</summary>
    public void BreakConnection(SimulatedHost left, SimulatedHost right, int leftMilliseconds, int rightMilliseconds)
    {
        var pair = PairOf(left, right);
        _connections[pair] = _connections.GetValueOrDefault(pair) + 1;
        NotifyDisconnected(left, right, leftMilliseconds);
        NotifyDisconnected(right, left, rightMilliseconds);
    }

    /// <summary>Ends a host. The others learn of it soon, because their connections break.</summary>
    public void KillHost(SimulatedHost host, IEnumerable<SimulatedHost> others)
    {
        host.Kill();
        foreach (var other in others.Where(other => other != host))
            NotifyDisconnected(other, host, 1 + world.Mix(host.Number * 100 + other.Number, 50), isEnded: true);
    }

    public void Heal()
    {
        _faults.Clear();
        _partitions.Clear();
    }

    private void NotifyDisconnected(SimulatedHost host, SimulatedHost lost, int milliseconds, bool isEnded = false)
    {
        var brokenAt = world.Now;
        world.Schedule(TimeSpan.FromMilliseconds(milliseconds), null, () =>
        {
            // The messages of a dead host arrive before the end of its connection.
            if (isEnded)
                _connections[PairOf(host, lost)] = int.MaxValue;
            foreach (var part in host.Parts.ToArray())
            {
                if (!part.IsStopped)
                    world.Schedule(TimeSpan.Zero, part, () => part.OnDisconnected(lost, brokenAt));
            }
        });
    }

    private void Transmit(SimulatedPart from, SimulatedPart to, object message, TimeSpan delay, bool overtakes)
    {
        var at = world.Now + delay;
        if (!overtakes)
            _lastArrivals[(from.Number, to.Number)] = at = Later(at, LastArrival(from, to));
        var pair = PairOf(from.Host, to.Host);
        var connection = _connections.GetValueOrDefault(pair);
        world.ScheduleAt(at, to, () =>
        {
            if (_connections.GetValueOrDefault(pair) == connection)
                Deliver(from, to, message);
        });
    }

    private void Deliver(SimulatedPart from, SimulatedPart to, object message)
    {
        if (world.IsTraced && message is not NodeProtocol.Heartbeat)
            world.Trace($"{from.Host.Name}/{from.Number} -> {to.Host.Name}/{to.Number} {Describe(message)}");
        to.Receive(message, from);
    }

    private static string Describe(object message) => MessageText.Describe(message);

    private List<MessageFault> TakeFaults(object message)
    {
        if (_faults.Count == 0)
            return [];
        var due = new List<MessageFault>();
        for (var i = _faults.Count - 1; i >= 0; i--)
        {
            var fault = _faults[i];
            if ((fault.IsForJobs && message is not NodeProtocol.RunJobs) || fault.Skip-- > 0)
                continue;
            due.Add(fault);
            if (--fault.Count <= 0)
                _faults.RemoveAt(i);
        }

        return due;
    }

    private TimeSpan LastArrival(SimulatedPart from, SimulatedPart to) =>
        _lastArrivals.GetValueOrDefault((from.Number, to.Number));

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static (int Low, int High) PairOf(SimulatedHost left, SimulatedHost right) =>
        (Math.Min(left.Number, right.Number), Math.Max(left.Number, right.Number));

    private sealed class MessageFault(StepKind kind, int skip, int count, TimeSpan delay)
    {
        public StepKind Kind => kind;

        public TimeSpan Delay => delay;

        /// <summary>Whether only jobs on the way to a worker are affected: the pool may send them elsewhere meanwhile.</summary>
        public bool IsForJobs { get; init; }

        public int Skip { get; set; } = skip;

        public int Count { get; set; } = count;
    }
}
