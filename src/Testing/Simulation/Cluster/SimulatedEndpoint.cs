namespace Actors.Testing;

/// <summary>A program at an end of a simulated connection.</summary>
/// <param name="name">The name, for messages.</param>
internal sealed class SimulatedEndpoint(string name)
{
    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>Whether the program has ended: it neither sends nor receives.</summary>
    public bool IsDown { get; set; }

    /// <summary>The program is paused until this time: messages to it and from it wait.</summary>
    public TimeSpan PausedUntil { get; set; }
}
