using System.Globalization;

namespace Actors.Chaos.Reports;

/// <summary>Maps values to positions of a chart, and chooses round numbers for its axes.</summary>
/// <param name="max">The largest value.</param>
/// <param name="length">The length of the axis.</param>
internal sealed class ChartScale(double max, double length)
{
    private const int WantedTicks = 6;

    private readonly double _step = ChooseStep(max);

    /// <summary>The end of the axis: the largest value, rounded up to a tick.</summary>
    public double End => Math.Max(1, Math.Ceiling(max / _step)) * _step;

    /// <summary>The values of the ticks.</summary>
    public IEnumerable<double> Ticks => Enumerable.Range(0, (int)Math.Round(End / _step) + 1).Select(index => index * _step);

    /// <summary>Gets the position of a value.</summary>
    public double GetPosition(double value) => value / End * length;

    /// <summary>Formats the value of a tick.</summary>
    public string FormatTick(double value) => value.ToString(_step < 1 ? "0.##" : "0", CultureInfo.InvariantCulture);

    private static double ChooseStep(double max)
    {
        var rough = Math.Max(max, 1e-3) / WantedTicks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch
        {
            <= 1 => power,
            <= 2 => 2 * power,
            <= 5 => 5 * power,
            _ => 10 * power,
        };
    }
}
