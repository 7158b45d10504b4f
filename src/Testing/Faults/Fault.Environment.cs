using System.Globalization;

namespace Actors.Testing;

/// <content>Faults of the network, the machines, the store and the clock.</content>
public sealed partial record Fault
{
    /// <summary>The messages that a network fault concerns.</summary>
    internal NetworkLinks Links { get; init; }

    /// <summary>How long a fault of the environment lasts.</summary>
    internal TimeSpan Length { get; init; }

    /// <summary>The time between the changes of a flapping partition; zero for one that does not flap.</summary>
    internal TimeSpan Period { get; init; }

    /// <summary>The probability for each message.</summary>
    internal double Probability { get; init; } = 1;

    /// <summary>Whether the fault concerns more than the worker of a job.</summary>
    internal bool IsEnvironment => Kind >= FaultKind.DropMessages;

    /// <summary>
    /// Creates a fault in which messages are lost. The library sends them again after some seconds; calls of managed objects after 0.1 s.
    /// </summary>
    /// <param name="time">How long; above 0.</param>
    /// <param name="links">The messages. Those of nodes concern the node of the job, or one that is chosen by the seed.</param>
    /// <param name="probability">The probability for each message, from 0 to 1.</param>
    public static Fault DropMessages(TimeSpan time, NetworkLinks links = NetworkLinks.All, double probability = 1) =>
        OfNetwork(FaultKind.DropMessages, time, links) with { Probability = RequireProbability(probability) };

    /// <summary>Creates a fault in which messages arrive later.</summary>
    /// <param name="delay">The additional time of each message; above 0.</param>
    /// <param name="time">How long; above 0.</param>
    /// <param name="links">The messages.</param>
    public static Fault DelayMessages(TimeSpan delay, TimeSpan time, NetworkLinks links = NetworkLinks.All) =>
        OfNetwork(FaultKind.DelayMessages, time, links) with { Time = RequirePositive(delay) };

    /// <summary>
    /// Creates a fault in which messages overtake each other. The calls of managed objects by one process keep their order.
    /// </summary>
    /// <param name="time">How long; above 0.</param>
    /// <param name="links">The messages.</param>
    public static Fault ReorderMessages(TimeSpan time, NetworkLinks links = NetworkLinks.All) =>
        OfNetwork(FaultKind.ReorderMessages, time, links);

    /// <summary>Creates a fault in which messages arrive twice. The second copy of a call of a managed object is dropped.</summary>
    /// <param name="time">How long; above 0.</param>
    /// <param name="links">The messages.</param>
    /// <param name="probability">The probability for each message, from 0 to 1.</param>
    public static Fault DuplicateMessages(TimeSpan time, NetworkLinks links = NetworkLinks.All, double probability = 1) =>
        OfNetwork(FaultKind.DuplicateMessages, time, links) with { Probability = RequireProbability(probability) };

    /// <summary>
    /// Creates a fault in which no message arrives. A node that is silent for 4 s is removed: its jobs run elsewhere and its results are
    /// refused. A coordinator that is silent for 6 s counts as lost.
    /// </summary>
    /// <param name="time">How long; above 0.</param>
    /// <param name="links">
    /// The directions: <see cref="NetworkLinks.Node"/> or <see cref="NetworkLinks.Client"/> for a partition in both ways, one direction for
    /// a partition in one way.
    /// </param>
    public static Fault Partition(TimeSpan time, NetworkLinks links = NetworkLinks.Node) =>
        OfNetwork(FaultKind.Partition, time, links);

    /// <summary>Creates a partition that comes and goes.</summary>
    /// <param name="time">How long; above 0.</param>
    /// <param name="period">The length of each part, with and without connection; above 0.</param>
    /// <param name="links">The directions; see <see cref="Partition"/>.</param>
    public static Fault FlappingPartition(TimeSpan time, TimeSpan period, NetworkLinks links = NetworkLinks.Node) =>
        OfNetwork(FaultKind.Partition, time, links) with { Period = RequirePositive(period) };

    /// <summary>
    /// Creates a fault that stops a worker node and its workers for a time: no code of their jobs runs, and they neither send nor receive.
    /// </summary>
    /// <param name="time">How long; above 0.</param>
    public static Fault PauseNode(TimeSpan time) => OfMachine(FaultKind.PauseNode, time);

    /// <summary>Creates a fault that ends a worker node with all its workers.</summary>
    /// <param name="downTime">The time until it starts again; above 0. If it is already down, it starts at the later time.</param>
    public static Fault KillNode(TimeSpan downTime) => OfMachine(FaultKind.KillNode, downTime);

    /// <summary>
    /// Creates a fault that ends the coordinator with everything in its memory. Pools are opened again and their unfinished jobs are
    /// submitted again; jobs that may run only once end with <see cref="CoordinatorLostException"/>. Durable pools retain their accepted
    /// jobs. Managed objects are lost.
    /// </summary>
    /// <param name="downTime">The time until it starts again; above 0.</param>
    public static Fault RestartCoordinator(TimeSpan downTime) => OfMachine(FaultKind.RestartCoordinator, downTime);

    /// <summary>
    /// Creates a fault in which writes of the store of durable pools fail. The pool is interrupted, and read from the store again; its
    /// programs connect again. Unwritten jobs are not accepted. For <see cref="FaultTest"/>.
    /// </summary>
    /// <param name="time">How long; above 0.</param>
    /// <param name="probability">The probability for each write, from 0 to 1.</param>
    public static Fault FailWrites(TimeSpan time, double probability = 1) =>
        OfMachine(FaultKind.FailWrites, time) with { Probability = RequireProbability(probability) };

    /// <summary>
    /// Creates a fault in which the disk of the store of durable pools is full: no write succeeds until there is space again. For
    /// <see cref="FaultTest"/>.
    /// </summary>
    /// <param name="time">How long; above 0.</param>
    public static Fault FillDisk(TimeSpan time) => OfMachine(FaultKind.FillDisk, time);

    /// <summary>Creates a fault that sets the time of day. Timers and timeouts do not follow it.</summary>
    /// <param name="by">The change, forward or back.</param>
    public static Fault JumpClock(TimeSpan by) => new(FaultKind.JumpClock, FaultMoment.BeforeJob) { Time = by };

    /// <summary>Creates a fault in which the time of day is wrong for a time.</summary>
    /// <param name="by">The change, forward or back.</param>
    /// <param name="time">How long; above 0.</param>
    public static Fault SkewClock(TimeSpan by, TimeSpan time) =>
        new(FaultKind.JumpClock, FaultMoment.BeforeJob) { Time = by, Length = RequirePositive(time) };

    /// <summary>
    /// Returns this fault for another moment of the jobs that the trigger selects. For faults of network, machines and clock.
    /// </summary>
    /// <param name="moment">The moment. The default of these faults is <see cref="FaultMoment.BeforeJob"/>.</param>
    /// <exception cref="InvalidOperationException">The fault is one of a job, whose method takes the moment.</exception>
    public Fault At(FaultMoment moment) => IsEnvironment
        ? this with { Moment = moment }
        : throw new InvalidOperationException($"Pass the moment to {nameof(Fault)}.{Kind}.");

    private static Fault OfNetwork(FaultKind kind, TimeSpan time, NetworkLinks links) => links is NetworkLinks.None
        ? throw new ArgumentException("A network fault needs at least one direction.", nameof(links))
        : OfMachine(kind, time) with { Links = links };

    private static Fault OfMachine(FaultKind kind, TimeSpan time) =>
        new(kind, FaultMoment.BeforeJob) { Length = RequirePositive(time) };

    private static double RequireProbability(double probability) => probability is >= 0 and <= 1
        ? probability
        : throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability must be from 0 to 1.");

    private string DescribeEnvironment()
    {
        var links = Links == NetworkLinks.None ? "" : $" {Links}";
        var time = Kind is FaultKind.JumpClock or FaultKind.DelayMessages ? $" by {Time}" : "";
        var length = Length > TimeSpan.Zero ? $" for {Length}" : "";
        var period = Period > TimeSpan.Zero ? $" every {Period}" : "";
        var chance = Probability < 1 ? string.Create(CultureInfo.InvariantCulture, $" with probability {Probability}") : "";
        return $"{Kind}{links}{time}{length}{period}{chance}";
    }
}
