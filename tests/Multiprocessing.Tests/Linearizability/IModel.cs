namespace Actors.Multiprocessing.Tests.Linearizability;

/// <summary>The sequential behavior of an object. A state is a string, so that it can be compared and read.</summary>
internal interface IModel
{
    /// <summary>Gets the initial state.</summary>
    string Initial { get; }

    /// <summary>
    /// Returns the possible states after an operation with its result; none when the result is impossible. A pending operation may have
    /// any result.
    /// </summary>
    IEnumerable<string> After(string state, Operation operation);
}
