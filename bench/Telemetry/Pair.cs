namespace Telemetry;

/// <summary>Two processes that run the same calls by turns, one of them without instrumentation.</summary>
internal static class Pair
{
    private const int Rounds = 15;

    /// <summary>The factor of a confidence interval of 95 % for the mean of ten or more values.</summary>
    private const double Quantile = 2.26;

    /// <summary>
    /// Measures how much more processor time a call needs with instrumentation, as a part of the whole. The processes take turns of half a
    /// second, because a machine often becomes slower or faster.
    /// </summary>
    public static double MeasureDifference()
    {
        using var with = new Child(isInstrumented: true);
        using var without = new Child(isInstrumented: false);
        // Both are ready after their first answer.
        _ = (with.Measure(), without.Measure());
        var ratios = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            var (first, second) = i % 2 == 0 ? (with, without) : (without, with);
            var (one, other) = (first.Measure(), second.Measure());
            ratios.Add(i % 2 == 0 ? one / other : other / one);
        }

        var difference = ratios.Order().ElementAt(Rounds / 2) - 1;
        Console.WriteLine($"pair: {difference:+0.00 %;-0.00 %}");
        return difference;
    }

    /// <summary>Gets the mean of differences, and half of its confidence interval.</summary>
    public static (double Mean, double Error) GetInterval(IReadOnlyCollection<double> differences)
    {
        var mean = differences.Average();
        var variance = differences.Sum(difference => Math.Pow(difference - mean, 2)) / (differences.Count - 1);
        return (mean, Quantile * Math.Sqrt(variance / differences.Count));
    }
}
