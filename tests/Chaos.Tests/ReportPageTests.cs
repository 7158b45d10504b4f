using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Actors.Chaos.Injection;
using Actors.Chaos.Load;
using Actors.Chaos.Plans;
using Actors.Chaos.Reports;

namespace Actors.Chaos.Tests;

public partial class ReportPageTests
{
    private static readonly ChaosPlan Plan = ChaosPlanReader.ReadText(
        "plan.conf", "chaos { name = \"A <plan>\", faults = [ { kind = kill-worker, every = 5s } ] }");

    [Fact]
    public void CreatePage_NeedsNoOtherFile()
    {
        var page = ReportPage.CreatePage(CreateResult());

        Assert.Empty(External().Matches(page));
    }

    [Fact]
    public void CreatePage_NamesVerdictPlanSeedAndFaults()
    {
        var page = ReportPage.CreatePage(CreateResult());

        Assert.All(
            new[] { "All invariants held.", "A &lt;plan&gt;", "plan.conf", "--seed 99", "worker process 4711",
                "600 submitted, 600 ended with the right result" },
            text => Assert.Contains(text, page, StringComparison.Ordinal));
        // The throughput drops for 2.5 s, to the end of the interval that recovers.
        Assert.Contains("<td class='right'>3.0 s</td></tr>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void CreatePage_Violation_ListsItSafely()
    {
        var page = ReportPage.CreatePage(CreateResult() with { ViolationCount = 2, Violations = ["Job 1 <script>"] });

        Assert.Contains("2 invariants were violated.", page, StringComparison.Ordinal);
        Assert.Contains("<li>Job 1 &lt;script&gt;</li><li>and 1 more</li>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void CreatePage_NothingInjected_HasNotPassed()
    {
        var result = CreateResult();
        var skipped = result with { Faults = [result.Faults[0] with { Status = InjectionStatus.Skipped }] };

        Assert.False(skipped.HasPassed);
        Assert.Contains("no fault could be injected", ReportPage.CreatePage(skipped), StringComparison.Ordinal);
    }

    [Fact]
    public void CreatePage_StoppedRun_HasNotPassedAndSaysSo()
    {
        var stopped = CreateResult() with { IsStopped = true };

        Assert.False(stopped.HasPassed);
        Assert.Contains(
            "The run was stopped before its end; no invariant was violated until then.", ReportPage.CreatePage(stopped),
            StringComparison.Ordinal);
        Assert.Equal("1 invariant was violated", (stopped with { ViolationCount = 1 }).Verdict);
    }

    [Fact]
    public void CreatePage_ProgramThatDidNotComeBack_HasNotPassed()
    {
        var result = CreateResult();
        var fault = result.Faults[0] with { Name = "rolling-restart", Target = "node-1", Status = InjectionStatus.NotRestarted };
        var broken = result with { Faults = [.. result.Faults, fault] };

        Assert.False(broken.HasPassed);
        Assert.Contains("All invariants held, but node-1 did not come back.", ReportPage.CreatePage(broken), StringComparison.Ordinal);
    }

    [Fact]
    public void CreatePage_KindOfFaultThatNeverHappened_HasNotPassed()
    {
        var result = CreateResult();
        var skipped = result.Faults[0] with { Status = InjectionStatus.Skipped };

        Assert.True((result with { Faults = [.. result.Faults, skipped] }).HasPassed);
        var missing = result with { Faults = [.. result.Faults, skipped with { Name = "slow-disk" }] };
        Assert.False(missing.HasPassed);
        Assert.Contains("but slow-disk was not injected.", ReportPage.CreatePage(missing), StringComparison.Ordinal);
    }

    [Fact]
    public void CreatePage_NoLoad_HasTheTimeLineOnly() => Assert.Single(
        Svg().Matches(ReportPage.CreatePage(CreateResult() with { Counts = null, Intervals = [] })));

    /// <summary>Each chart is well-formed, has axes with units, and draws nothing outside of its view.</summary>
    [Fact]
    public void CreatePage_Charts_LieInTheirView()
    {
        var charts = Svg().Matches(ReportPage.CreatePage(CreateResult())).Select(chart => XElement.Parse(chart.Value)).ToList();

        Assert.Equal(4, charts.Count);
        foreach (var chart in charts)
        {
            var view = chart.Attribute("viewBox")!.Value.Split(' ').Select(Parse).ToList();
            Assert.Contains(chart.Elements("text"), text => text.Value == "time since the start (s)");
            foreach (var element in chart.Elements())
            {
                Assert.All(new[] { "x", "x1", "x2" }, name => Assert.InRange(Parse(element.Attribute(name)?.Value ?? "0"), 0, view[2]));
                Assert.All(new[] { "y", "y1", "y2" }, name => Assert.InRange(Parse(element.Attribute(name)?.Value ?? "0"), 0, view[3]));
            }

            foreach (var numbers in chart.Elements("path")
                .Select(path => Number().Matches(path.Attribute("d")!.Value).Select(match => Parse(match.Value)).ToList()))
            {
                Assert.True(numbers.Count > 20);
                Assert.All(numbers.Where((_, index) => index % 2 == 0), x => Assert.InRange(x, 130, view[2]));
                Assert.All(numbers.Where((_, index) => index % 2 == 1), y => Assert.InRange(y, 30, view[3] - 40));
            }
        }
    }

    /// <summary>A reader compares the charts below each other: the same time has the same place in all of them.</summary>
    [Fact]
    public void CreatePage_Charts_HaveOneTimeAxis()
    {
        var charts = Svg().Matches(ReportPage.CreatePage(CreateResult())).Select(chart => XElement.Parse(chart.Value)).ToList();

        var places = charts.Select(chart => chart.Elements("rect").Single().Attribute("x")!.Value).ToList();
        var axes = charts.Select(chart => string.Join(
            ' ', chart.Elements("text").Where(text => text.Attribute("text-anchor")?.Value == "middle")
                .Select(text => text.Attribute("x")!.Value)));

        Assert.Single(places.Distinct());
        Assert.Single(axes.Distinct());
    }

    [Fact]
    public void CreatePage_FaultsAtOneTime_ShareANumber()
    {
        var result = CreateResult();

        var page = ReportPage.CreatePage(result with { Faults = [result.Faults[0], result.Faults[0], result.Faults[0]] });

        Assert.Equal(4, Shared().Count(page));
    }

    [Fact]
    public void CreatePage_NamesTheSlowestRecovery()
    {
        var page = ReportPage.CreatePage(CreateResult());

        Assert.Contains("<dt>Slowest recovery</dt><dd>3.0 s (fault 1, kill-worker)</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Faults</dt><dd>1 injected, 0 skipped</dd>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind = kill-worker", "")]
    [InlineData("kind = partition, for = 1s", ", separated from all, messages held")]
    [InlineData(
        "kind = partition, for = 8s, peers = nodes, direction = outbound, messages = discard, flap = 500ms",
        ", without messages to all nodes, messages discarded, flapping every 0.5 s")]
    [InlineData("kind = slow-disk, for = 1s, delay = 20ms, fail-percent = 5", ", requests delayed by 20 ms, 5 % of writes fail")]
    public void DescribeSettings_Fault_NamesThem(string fault, string description)
    {
        var plan = ChaosPlanReader.ReadText("plan.conf", $"chaos.faults = [ {{ {fault}, every = 20s }} ]");

        Assert.Equal(description, FaultDescription.DescribeSettings(plan.Faults[0].Fault));
    }

    [Theory]
    [InlineData(0, 0.0002)]
    [InlineData(7, 8)]
    [InlineData(99, 100)]
    [InlineData(1234, 1500)]
    public void Scale_EndsAtARoundNumber(double max, double end) => Assert.Equal(end, new ChartScale(max, 100).End, 6);

    private static ChaosResult CreateResult() => new(
        Plan, "plan.conf", 99, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), TimeSpan.FromSeconds(30),
        ["127.0.0.1:4051"], ["host:1"], IsDurable: true,
        [new InjectionRecord(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12), "kill-worker", "host:1", "worker process 4711",
            InjectionStatus.Injected)],
        [
            .. Enumerable.Range(0, 60).Select(index => new LoadInterval(
                TimeSpan.FromSeconds(index * 0.5), index is >= 20 and < 25 ? 0 : 10, 5, 3, index == 20 ? 2 : 0,
                index is >= 20 and < 25 ? null : TimeSpan.FromMilliseconds(20), index is >= 20 and < 25 ? null
                    : TimeSpan.FromMilliseconds(60), null)),
        ],
        new CheckedCounts(600, 600, 300, 180), 0, []);

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();

    [GeneratedRegex(@"-?\d+(?:\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex("<text class='number'[^>]*>1–3</text>")]
    private static partial Regex Shared();

    [GeneratedRegex("https?:|src=|<link|<script|@import|url\\(")]
    private static partial Regex External();
}
