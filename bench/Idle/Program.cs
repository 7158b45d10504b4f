// Measures the processor use of idle programs. Compares a local pool with a plain actor system, and a coordinator and a worker node with
// two plain cluster members with the same heartbeats. All programs are measured during the same period.

using System.CommandLine;
using System.Globalization;
using Common;
using Idle;
using Spectre.Console;

if (args is ["subject", .. var subject])
{
    await RunSubjectAsync(subject);
    return 0;
}

var seconds = new Option<int>("--seconds") { Description = "The duration of the measurement in seconds.", DefaultValueFactory = _ => 20 };
var settle = new Option<int>("--settle")
{
    Description = "The seconds between the start of the last program and the measurement.",
    DefaultValueFactory = _ => 15,
};
var threads = new Option<bool>("--threads") { Description = "Also prints each thread that woke up." };
var command = new RootCommand("Measures processor time and wake-ups of idle programs.") { seconds, settle, threads };
command.SetAction((parsed, _) => RunAsync(
    TimeSpan.FromSeconds(parsed.GetValue(settle)), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(threads)));
return await command.Parse(args).InvokeAsync();

static Task RunSubjectAsync(string[] arguments) => arguments switch
{
    ["pool"] => Subject.RunPoolAsync(processes: 2),
    ["consumers"] => Subject.RunConsumersAsync(processes: 2),
    ["system"] => Subject.RunSystemAsync(),
    ["member", var role, var port, var seed] => Subject.RunMemberAsync(
        role, int.Parse(port, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture)),
    _ => throw new ArgumentException($"Unknown subject \"{string.Join(' ', arguments)}\"."),
};

static async Task RunAsync(TimeSpan settle, TimeSpan time, bool isPerThread)
{
    var (port, seed, second) = (FreePort.Find(), FreePort.Find(), FreePort.Find());
    using var pool = new SubjectProcess("subject", "pool");
    using var consumers = new SubjectProcess("subject", "consumers");
    using var system = new SubjectProcess("subject", "system");
    using var cluster = new LocalCluster(port, nodes: 1, processes: 2);
    using var bareCoordinator = new SubjectProcess("subject", "member", "coordinator", $"{seed}", $"{seed}");
    using var bareNode = new SubjectProcess("subject", "member", "worker-node", $"{second}", $"{seed}");
    Row[] rows =
    [
        new("local pool, 2 workers", pool.Id, null),
        new("local pool, 2 workers that wait at a queue", consumers.Id, null),
        new("plain actor system", system.Id, null),
        new("coordinator", cluster.Coordinator, 4),
        new("plain member, intervals of the coordinator", bareCoordinator.Id, null),
        new("worker node", cluster.Nodes[0], 6),
        new("plain member, intervals of a node", bareNode.Id, null),
    ];

    // Waits until the start-up is complete and the JIT compiler has recompiled the hot methods.
    await Task.Delay(settle);
    var uses = await ProcessorUse.MeasureAsync([.. rows.Select(row => row.Process)], time);
    Print(rows, uses, time);
    if (isPerThread)
        PrintThreads(rows, uses, time);
}

static void Print(Row[] rows, IReadOnlyList<IReadOnlyList<ThreadUse>> uses, TimeSpan time)
{
    var table = new Table().AddColumns("", "% of a core", "wake-ups/s", "relative to the plain program");
    var percents = uses.Select(use => 100 * use.Sum(thread => thread.Processor.TotalSeconds) / time.TotalSeconds).ToList();
    for (var i = 0; i < rows.Length; i++)
    {
        var ratio = rows[i].Plain is { } plain ? $"{percents[i] / percents[plain]:0.00}" : "";
        table.AddRow(rows[i].Description, $"{percents[i]:0.00}", $"{uses[i].Sum(thread => thread.WakeUps) / time.TotalSeconds:0.0}", ratio);
    }

    AnsiConsole.Write(table);
}

static void PrintThreads(Row[] rows, IReadOnlyList<IReadOnlyList<ThreadUse>> uses, TimeSpan time)
{
    var table = new Table().AddColumns("", "process", "thread", "% of a core", "wake-ups/s");
    for (var i = 0; i < rows.Length; i++)
    {
        foreach (var thread in uses[i].Where(thread => thread.WakeUps > 0).OrderByDescending(thread => thread.WakeUps))
        {
            table.AddRow(
                rows[i].Description,
                $"{thread.Process}",
                Markup.Escape(thread.Name),
                $"{100 * thread.Processor.TotalSeconds / time.TotalSeconds:0.00}",
                $"{thread.WakeUps / time.TotalSeconds:0.0}");
        }
    }

    AnsiConsole.Write(table);
}

/// <param name="Description">The description in the table.</param>
/// <param name="Process">The root process of the measured tree.</param>
/// <param name="Plain">The index of the row with the plain program for comparison; null for none.</param>
internal sealed record Row(string Description, int Process, int? Plain);
