using System.Globalization;
using System.Net;
using System.Text;
using Actors.Chaos.Injection;

namespace Actors.Chaos.Reports;

/// <summary>A line of a chart: its name, its color and its points. A null value interrupts the line.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Color">The CSS color.</param>
/// <param name="Points">The times in seconds and the values.</param>
internal sealed record ChartLine(string Name, string Color, IReadOnlyList<(double Seconds, double? Value)> Points);

/// <summary>
/// Draws charts over the time of a run as SVG, with the faults as vertical bands. All charts have the same time axis, so that they can be
/// compared below each other.
/// </summary>
/// <param name="seconds">The duration of the run in seconds.</param>
/// <param name="faults">The faults.</param>
internal sealed class TimelineChart(double seconds, IReadOnlyList<InjectionRecord> faults)
{
    private const int Width = 1000;
    private const int Left = 135;
    private const int Right = 20;
    private const int Top = 34;
    private const int PlotHeight = 150;
    private const int Bottom = 42;
    private const int LaneHeight = 22;
    private const int LabelWidth = 14;

    private readonly ChartScale _time = new(seconds, Width - Left - Right);

    /// <summary>Draws the faults on a time line, one lane for each action.</summary>
    public string DrawFaults()
    {
        var lanes = faults.Select(fault => fault.Name).Distinct().ToList();
        var height = Math.Max(1, lanes.Count) * LaneHeight;
        var svg = BeginChart("Faults", Top + height + Bottom);
        DrawTimeAxis(svg, Top + height);
        for (var lane = 0; lane < lanes.Count; lane++)
        {
            var y = Top + (lane * LaneHeight);
            svg.Append(Invariant($"<text x='{Left - 8}' y='{y + 15}' text-anchor='end'>{Encode(lanes[lane])}</text>"));
            svg.Append(Invariant($"<line class='grid' x1='{Left}' x2='{Width - Right}' y1='{y + LaneHeight}' y2='{y + LaneHeight}'/>"));
            DrawLane(svg, [.. faults.Index().Where(fault => fault.Item.Name == lanes[lane])], y);
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Draws lines over time.</summary>
    /// <param name="title">The title, with the unit.</param>
    /// <param name="lines">The lines.</param>
    public string DrawLines(string title, params IReadOnlyList<ChartLine> lines)
    {
        var values = new ChartScale(lines.SelectMany(line => line.Points).Max(point => point.Value) ?? 1, PlotHeight);
        var svg = BeginChart(title, Top + PlotHeight + Bottom);
        DrawBands(svg);
        foreach (var tick in values.Ticks)
        {
            var y = Top + PlotHeight - values.GetPosition(tick);
            svg.Append(Invariant($"<line class='grid' x1='{Left}' x2='{Width - Right}' y1='{y:0.#}' y2='{y:0.#}'/>"));
            svg.Append(Invariant($"<text x='{Left - 8}' y='{y + 4:0.#}' text-anchor='end'>{values.FormatTick(tick)}</text>"));
        }

        DrawTimeAxis(svg, Top + PlotHeight);
        foreach (var line in lines)
            svg.Append(Invariant($"<path fill='none' stroke='{line.Color}' stroke-width='1.8' d='{CreatePath(line, values)}'/>"));
        DrawLegend(svg, lines);
        return svg.Append("</svg>\n").ToString();
    }

    private static StringBuilder BeginChart(string title, int height) => new StringBuilder()
        .Append(Invariant($"<svg viewBox='0 0 {Width} {height}' role='img' aria-label='{Encode(title)}'>"))
        .Append(Invariant($"<text class='title' x='{Left}' y='18'>{Encode(title)}</text>"));

    private void DrawLane(StringBuilder svg, IReadOnlyList<(int Index, InjectionRecord Item)> lane, int y)
    {
        var labels = new List<(double X, int Number)>();
        foreach (var (index, fault) in lane)
        {
            var (begin, end) = (GetX(fault.Begin.TotalSeconds), GetX(fault.End.TotalSeconds));
            var css = fault.Status == InjectionStatus.Skipped ? "skipped" : "fault";
            var width = Math.Max(7, end - begin);
            svg.Append(Invariant($"<rect class='{css}' x='{begin:0.#}' y='{y + 4}' width='{width:0.#}' height='14' rx='2'>"));
            var title = Encode($"{index + 1}. {fault.Name}: {fault.Target}");
            svg.Append(Invariant($"<title>{title}, {fault.Begin.TotalSeconds:0.0} s</title></rect>"));
            labels.Add((Math.Min(begin + width + 3, Width - Right - 6), index + 1));
        }

        DrawNumbers(svg, labels, y + 15);
    }

    private void DrawBands(StringBuilder svg)
    {
        var labels = new List<(double X, int Number)>();
        foreach (var (index, fault) in faults.Index().Where(fault => fault.Item.Status != InjectionStatus.Skipped))
        {
            var (begin, end) = (GetX(fault.Begin.TotalSeconds), GetX(fault.End.TotalSeconds));
            svg.Append(Invariant(
                $"<rect class='band' x='{begin:0.#}' y='{Top}' width='{Math.Max(1.5, end - begin):0.#}' height='{PlotHeight}'/>"));
            labels.Add((begin + 2, index + 1));
        }

        DrawNumbers(svg, labels, Top - 3);
    }

    /// <summary>Writes the numbers of faults. Those at the same place share a label, such as 5–7.</summary>
    private static void DrawNumbers(StringBuilder svg, List<(double X, int Number)> labels, int y)
    {
        for (var first = 0; first < labels.Count;)
        {
            var last = first;
            while (last + 1 < labels.Count && labels[last + 1].X - labels[first].X < LabelWidth)
                last++;
            var text = first == last
                ? Invariant($"{labels[first].Number}")
                : Invariant($"{labels[first].Number}–{labels[last].Number}");
            svg.Append(Invariant($"<text class='number' x='{labels[first].X:0.#}' y='{y}'>{text}</text>"));
            first = last + 1;
        }
    }

    private void DrawTimeAxis(StringBuilder svg, int y)
    {
        svg.Append(Invariant($"<line class='axis' x1='{Left}' x2='{Width - Right}' y1='{y}' y2='{y}'/>"));
        foreach (var tick in _time.Ticks.Where(tick => tick <= seconds))
        {
            var x = GetX(tick);
            svg.Append(Invariant($"<line class='axis' x1='{x:0.#}' x2='{x:0.#}' y1='{y}' y2='{y + 5}'/>"));
            svg.Append(Invariant($"<text x='{x:0.#}' y='{y + 18}' text-anchor='middle'>{_time.FormatTick(tick)}</text>"));
        }

        svg.Append(Invariant($"<text x='{(Left + Width - Right) / 2}' y='{y + 35}' text-anchor='middle'>time since the start (s)</text>"));
    }

    private static void DrawLegend(StringBuilder svg, IReadOnlyList<ChartLine> lines)
    {
        var x = (double)Width - Right;
        foreach (var line in lines.Reverse())
        {
            x -= (line.Name.Length * 6.6) + 34;
            svg.Append(Invariant(
                $"<line x1='{x:0.#}' x2='{x + 18:0.#}' y1='14' y2='14' stroke='{line.Color}' stroke-width='3'/>"));
            svg.Append(Invariant($"<text x='{x + 23:0.#}' y='18'>{Encode(line.Name)}</text>"));
        }
    }

    private string CreatePath(ChartLine line, ChartScale values)
    {
        var path = new StringBuilder();
        var isNew = true;
        foreach (var (time, value) in line.Points)
        {
            if (value is { } known)
            {
                var y = Top + PlotHeight - values.GetPosition(known);
                path.Append(Invariant($"{(isNew ? 'M' : 'L')}{GetX(time):0.#} {y:0.#}"));
            }

            isNew = value is null;
        }

        return path.ToString();
    }

    private double GetX(double time) => Left + (Math.Min(time, seconds) / seconds * (Width - Right - Left));

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
