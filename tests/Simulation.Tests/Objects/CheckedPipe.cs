using Actors.Checkers;

namespace Actors.Simulation.Tests.Objects;

/// <summary>A pipe and the history of its messages.</summary>
internal sealed class CheckedPipe(SimulatedObject pipe)
{
    public SimulatedObject Object => pipe;

    public QueueHistory Messages { get; } = new();

    /// <summary>The sessions that have certainly used the sending end. When the last of them dies, the pipe is closed.</summary>
    public HashSet<long> Senders { get; } = [];

    /// <summary>Whether an end is closed: its last program has died. Unread messages are lost.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether a delivered message may have returned to its position after others had passed.</summary>
    public bool MayReorder { get; set; }
}
