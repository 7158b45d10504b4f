namespace Actors.Multiprocessing.Tests.Linearizability;

/// <summary>What an object does when it is asked one thing after the other. A state is a text, so that it can be compared and read.</summary>
internal interface IModel
{
    /// <summary>The state that it starts in.</summary>
    string Initial { get; }

    /// <summary>
    /// The states it can be in after it gave this operation this result; none when it cannot have given it. One that is pending can have
    /// given anything.
    /// </summary>
    IEnumerable<string> After(string state, Operation operation);
}
