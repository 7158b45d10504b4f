namespace Actors.Runner;

/// <summary>The calls of a run.</summary>
/// <param name="Name">The name of the method.</param>
/// <param name="Count">The number of calls.</param>
/// <param name="IsMap">Whether the method is called once for each line of a file.</param>
/// <param name="HasResult">Whether the method returns a result.</param>
internal sealed record CallSeries(string Name, int Count, bool IsMap, bool HasResult);
