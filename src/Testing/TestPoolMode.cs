namespace Actors.Testing;

/// <summary>How a <see cref="TestPool"/> runs jobs.</summary>
public enum TestPoolMode
{
    /// <summary>In this process, at their submission; see <see cref="TestPool.Inline"/>.</summary>
    Inline,

    /// <summary>In this process, when the test asks for it; see <see cref="TestPool.Manual"/>.</summary>
    Manual,

    /// <summary>In a simulated cluster in this process, in virtual time; see <see cref="TestPool.Simulated"/>.</summary>
    Simulated,

    /// <summary>In real worker processes; see <see cref="TestPool.StartAsync"/>.</summary>
    Processes,
}
