using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Actors.Architecture.Tests.Reference;

/// <summary>Every event that a program, a client or a hosted pool logs.</summary>
internal static class LogEventsPage
{
    private static readonly (string Assembly, string Title)[] Sources =
    [
        ("Actors.Programs.Hosting", "Coordinators and worker nodes"), ("Actors.Coordinator", "Coordinators"),
        ("Actors.WorkerNode", "Worker nodes"), ("Actors.Hosting", "Pools in the generic host"), ("Actors", "Log records of jobs"),
    ];

    /// <summary>Gets the methods that log an event.</summary>
    public static IEnumerable<MethodInfo> Methods => Sources.SelectMany(source => MethodsOf(Assembly.Load(source.Assembly)));

    public static ReferencePage Make()
    {
        var page = new ReferencePage("log-events", "Log events", "the methods that log");
        page.AddParagraph("""
            Coordinators, worker nodes and clients log these events through `ILogger`. Within a program an id is never used for another
            event. The categories in a program with hosted pools are `Actors.Hosting.HostedPool` and, from id 11,
            `Actors.Hosting.ClientLogForwarder`. The loggers of `PoolOptions.LoggerFactory` also get the
            [records of jobs](../guides/jobs.md#logging), with ids and categories of their own, and the event 18 of the category
            `Actors.JobContext`.
            [Monitoring](../guides/monitoring.md#log) shows how to choose the format and the levels.
            """);
        foreach (var (assembly, title) in Sources)
        {
            page.AddHeading(title);
            page.AddTable(["id", "name", "level", "message", "meaning"], [.. MethodsOf(Assembly.Load(assembly)).Select(RowOf)]);
        }

        return page;
    }

    private static IEnumerable<MethodInfo> MethodsOf(Assembly assembly) => assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
        .OrderBy(method => method.GetCustomAttribute<LoggerMessageAttribute>()!.EventId);

    private static string[] RowOf(MethodInfo method)
    {
        var logged = method.GetCustomAttribute<LoggerMessageAttribute>()!;
        var level = logged.Level == LogLevel.None ? "that of the event" : logged.Level.ToString();
        var meaning = XmlDocs.For(method.DeclaringType!.Assembly).SummaryOf(method);
        return [$"{logged.EventId}", method.Name, level, $"`{logged.Message}`", meaning];
    }
}
