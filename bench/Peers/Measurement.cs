namespace Peers;

/// <summary>One thing that both can do.</summary>
/// <param name="Id">Its name in the rows, and of the function in peers.py.</param>
/// <param name="What">For people.</param>
/// <param name="Unit">Of the figure.</param>
/// <param name="MoreIsBetter">A rate rather than a time or a size.</param>
/// <param name="MeasureAsync">Takes the figure of this library.</param>
internal sealed record Measurement(string Id, string What, string Unit, bool MoreIsBetter, Func<Task<double>> MeasureAsync);
