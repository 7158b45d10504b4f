using System.Diagnostics;
using System.Globalization;

namespace Telemetry;

/// <summary>Two processes that run the same calls, one of them without instrumentation.</summary>
internal static class Pair
{
    public const string ChildArgument = "--child";

    /// <summary>The factor of a confidence interval of 95 % for the mean of ten or more values.</summary>
    private const double Quantile = 2.26;

    /// <summary>Measures how much more processor time a call needs with instrumentation, as a part of the whole.</summary>
    /// <param name="withFirst">Whether the process with instrumentation runs first: a machine often becomes slower or faster.</param>
    public static double MeasureDifference(bool withFirst)
    {
        var first = RunChild(withFirst);
        var second = RunChild(!withFirst);
        var (with, without) = withFirst ? (first, second) : (second, first);
        Console.WriteLine($"pair: {with:0} ns with checks, {without:0} ns without");
        return (with - without) / without;
    }

    /// <summary>Gets the mean of differences, and half of its confidence interval.</summary>
    public static (double Mean, double Error) GetInterval(IReadOnlyCollection<double> differences)
    {
        var mean = differences.Average();
        var variance = differences.Sum(difference => Math.Pow(difference - mean, 2)) / (differences.Count - 1);
        return (mean, Quantile * Math.Sqrt(variance / differences.Count));
    }

    private static double RunChild(bool isInstrumented)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            info.ArgumentList.Add(typeof(Pair).Assembly.Location);
        info.ArgumentList.Add(ChildArgument);
        info.ArgumentList.Add($"{isInstrumented}");
        using var child = Process.Start(info)!;
        var text = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return double.Parse(text, CultureInfo.InvariantCulture);
    }
}
