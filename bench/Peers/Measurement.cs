namespace Peers;

/// <summary>One thing that both can do.</summary>
/// <param name="Id">Its name in the rows, and of the function in peers.py.</param>
/// <param name="What">For people.</param>
/// <param name="Unit">Of the figure.</param>
/// <param name="MoreIsBetter">A rate rather than a time or a size.</param>
/// <param name="MeasureAsync">Takes the figure of this library.</param>
/// <param name="InFreshProcess">
/// In a process that has done nothing before, as that of Python always is: where what was started and compiled before would be part of the figure.
/// </param>
internal sealed record Measurement(string Id, string What, string Unit, bool MoreIsBetter, Func<Task<double>> MeasureAsync, bool InFreshProcess = false);
