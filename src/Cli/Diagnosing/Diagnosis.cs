using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Actors.Cli.Diagnosing;

/// <summary>The answer of <c>doctor</c>.</summary>
/// <param name="Findings">The results of all checks.</param>
internal sealed record Diagnosis(IReadOnlyList<Finding> Findings)
{
    /// <summary>The number of findings that would stop a pool.</summary>
    public int Problems => Findings.Count(finding => finding.Level == FindingLevel.Problem);

    /// <summary>The exit code: failure if a pool would be stopped.</summary>
    [JsonIgnore]
    public int ExitCode => Problems == 0 ? Programs.ExitCode.Success : Programs.ExitCode.Failure;

    /// <summary>The conclusion in one sentence.</summary>
    public string Verdict => Problems switch
    {
        0 => "Nothing here would stop a pool.",
        1 => "1 problem would stop a pool.",
        _ => $"{Problems} problems would stop a pool.",
    };

    /// <summary>Creates the view of a diagnosis.</summary>
    public static IRenderable CreateView(Diagnosis diagnosis)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var finding in diagnosis.Findings)
            grid.AddRow(FormatLevel(finding.Level), new Text(finding.Check), new Text(finding.Message));
        return new Rows(grid, new Text(diagnosis.Verdict));
    }

    private static Text FormatLevel(FindingLevel level) => level switch
    {
        FindingLevel.Passed => new Text("ok", new Style(Color.Green)),
        FindingLevel.Warning => new Text("warning", new Style(Color.Yellow)),
        _ => new Text("problem", new Style(Color.Red)),
    };
}
