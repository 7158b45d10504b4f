namespace Peers;

/// <summary>A measurement that exists for both libraries.</summary>
/// <param name="Id">The id of the row, and the name of the function in peers.py.</param>
/// <param name="Description">The description in the table.</param>
/// <param name="Unit">The unit of the value.</param>
/// <param name="MoreIsBetter">Whether a higher value is better, as for a rate.</param>
/// <param name="MeasureAsync">Measures this library.</param>
/// <param name="InFreshProcess">
/// Whether the measurement needs a new process, as Python always uses, because earlier starts and compilations would change the value.
/// </param>
internal sealed record Measurement(
    string Id, string Description, string Unit, bool MoreIsBetter, Func<Task<double>> MeasureAsync, bool InFreshProcess = false);
