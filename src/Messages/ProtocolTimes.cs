namespace Actors.Messages;

/// <summary>
/// The times on which several programs must agree. <c>ProtocolTimesTests</c> checks how they relate: a change of one may need a change of
/// another.
/// </summary>
public static class ProtocolTimes
{
    /// <summary>Gets a duration from another process. A longer one than any program can request is shortened to that.</summary>
    public static TimeSpan FromMilliseconds(long milliseconds) => TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, int.MaxValue));

    /// <summary>The interval of the heartbeats between a node and its coordinators.</summary>
    public static readonly TimeSpan NodeHeartbeat = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The longest silence of a coordinator, after which its node kills the workers of its pools. Shorter than <see cref="NodeLease"/>, so
    /// jobs have ended on the node before they run again elsewhere.
    /// </summary>
    public static readonly TimeSpan CoordinatorLease = TimeSpan.FromSeconds(3);

    /// <summary>The longest silence of a node, after which a coordinator removes it and runs its jobs elsewhere.</summary>
    public static readonly TimeSpan NodeLease = TimeSpan.FromSeconds(4);

    /// <summary>The interval at which a process with open calls sends a message to a durable object.</summary>
    public static readonly TimeSpan CallerHeartbeat = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest silence of a process, after which a durable object returns its items and ends its calls.</summary>
    public static readonly TimeSpan CallerLease = TimeSpan.FromSeconds(6);

    /// <summary>The time for which a durable object remembers the calls of a silent process, because they may be repeated.</summary>
    public static readonly TimeSpan CallerMemory = TimeSpan.FromMinutes(10);

    /// <summary>The time for which a process repeats the calls on an object that does not answer.</summary>
    public static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(60);

    /// <summary>The shortest pause between two comparisons of client, pool and worker.</summary>
    public static readonly TimeSpan ShortestComparison = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two comparisons, while nothing changes.</summary>
    public static readonly TimeSpan LongestComparison = TimeSpan.FromSeconds(4);

    /// <summary>The interval at which a coordinator tells waiting nodes that it copies code from another coordinator.</summary>
    public static readonly TimeSpan CodeProgress = TimeSpan.FromSeconds(3);

    /// <summary>The time that a coordinator has to answer a request for code.</summary>
    public static readonly TimeSpan CodeAnswer = TimeSpan.FromSeconds(10);

    /// <summary>The time that another coordinator has to answer a question about a name.</summary>
    public static readonly TimeSpan NameAnswer = TimeSpan.FromSeconds(1);

    /// <summary>The time that a coordinator tries to find a name.</summary>
    public static readonly TimeSpan NameSearch = TimeSpan.FromSeconds(2);

    /// <summary>The time that a client waits for the answer about a name.</summary>
    public static readonly TimeSpan NamePatience = TimeSpan.FromSeconds(20);
}
