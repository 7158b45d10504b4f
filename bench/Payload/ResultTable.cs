using Spectre.Console;

namespace Payload;

/// <summary>The printed results.</summary>
internal sealed class ResultTable
{
    private readonly Table _table = new Table().AddColumns(
        "", "s", "MiB/s", "ratio", "small jobs", "median ms", "slowest ms", "coordinator, node, workers, this program: MiB");

    /// <param name="name">The measured values.</param>
    /// <param name="mebibytes">Their size together in MiB.</param>
    /// <param name="measured">The times.</param>
    /// <param name="ratio">The comparison with the base line.</param>
    /// <param name="memory">The peak resident memory of each process in MiB.</param>
    public void AddRow(string name, double mebibytes, Measured measured, string ratio, IEnumerable<double> memory)
    {
        var small = measured.Small.Order().ToList();
        _table.AddRow(
            name, $"{measured.Time.TotalSeconds:0.000}", $"{mebibytes / measured.Time.TotalSeconds:0}", ratio, $"{small.Count:N0}",
            small.Count == 0 ? "" : $"{small[small.Count / 2]:0.0}", small.Count == 0 ? "" : $"{small[^1]:0}",
            string.Join(", ", memory.Select(size => $"{size:0}")));
    }

    public void Write()
    {
        _table.Caption("Memory is the peak resident size since the start of the process (VmHWM).");
        AnsiConsole.Profile.Width = 160;
        AnsiConsole.Write(_table);
    }
}
