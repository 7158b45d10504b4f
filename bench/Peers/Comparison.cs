using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Peers;

/// <summary>Measures both libraries in turn, so that a slow machine affects both equally, and compares the medians.</summary>
internal sealed class Comparison(int rounds, string[] only, FileInfo? json)
{
    private static readonly string Own = typeof(Comparison).Assembly.Location;
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "peers.py");
    private static readonly bool HasPython = CanRun("python3", "--version");

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!HasPython)
            AnsiConsole.WriteLine("python3 was not found: measures only this library.");
        var rows = new List<Row>();
        foreach (var measurement in OwnMeasurements.All.Where(one => only.Length == 0 || only.Contains(one.Id)))
        {
            rows.Add(await CompareAsync(measurement, cancellationToken));
            AnsiConsole.MarkupLine($"[grey]{measurement.Id} done[/]");
        }

        Print(rows);
        if (json is not null)
            await File.WriteAllTextAsync(json.FullName, Json(rows), cancellationToken);
        return 0;
    }

    private async Task<Row> CompareAsync(Measurement measurement, CancellationToken cancellationToken)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ours.Add(
                await (measurement.InFreshProcess ? MeasureInProcessAsync("dotnet", Own, "measure",
                    measurement.Id) : measurement.MeasureAsync()));
            if (HasPython)
                theirs.Add(await MeasureInProcessAsync("python3", Script, measurement.Id));
        }

        return new Row(measurement, Median(ours), HasPython ? Median(theirs) : null);
    }

    private static async Task<double> MeasureInProcessAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return double.Parse(output, CultureInfo.InvariantCulture);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static bool CanRun(string program, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, argument) { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Print(List<Row> rows)
    {
        var table = new Table().AddColumns("", "Actors", "Python", "unit", "ratio");
        foreach (var row in rows)
            table.AddRow(row.Measurement.Description, $"{row.Ours:N1}", $"{row.Theirs:N1}", row.Measurement.Unit, $"{row.Ratio:0.00}");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(
            $"A ratio above 1 means that this library is better. Medians of interleaved runs on {Environment.ProcessorCount} cores.");
    }

    private static string Json(List<Row> rows) => JsonSerializer.Serialize(rows.Select(row => new
    {
        id = row.Measurement.Id,
        peer = "python-spawn",
        unit = row.Measurement.Unit,
        ours = row.Ours,
        theirs = row.Theirs,
        ratio = row.Ratio,
    }));

    private sealed record Row(Measurement Measurement, double Ours, double? Theirs)
    {
        public double? Ratio => Measurement.MoreIsBetter ? Ours / Theirs : Theirs / Ours;
    }
}
