using Actors.Checkers;

namespace Actors.Simulation.Tests.Objects;

/// <summary>A pipe and the history of its messages.</summary>
internal sealed class CheckedPipe(SimulatedObject pipe)
{
    public SimulatedObject Object => pipe;

    public QueueHistory Messages { get; } = new();

    /// <summary>The sessions that may have used the sending end.</summary>
    public HashSet<long> PossibleSenders { get; } = [];

    /// <summary>Whether a session has certainly used the sending end. The pipe is closed when the last of its users dies.</summary>
    public bool HasSender { get; set; }

    /// <summary>Whether a delivered message may have returned to its position after others had passed.</summary>
    public bool MayReorder { get; set; }
}
