using System.Globalization;
using Actors.Cli.Output;
using Actors.Messages.Pools;
using Spectre.Console.Rendering;

namespace Actors.Cli.Operating;

/// <summary>A job of a durable pool in an answer.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">How it ended, or <c>pending</c>, or <c>waitingforbuild</c> if no build can run it.</param>
/// <param name="Function">Its function.</param>
/// <param name="Key">Its key; null for none.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="LostAttempts">The number of its attempts whose worker was lost.</param>
/// <param name="EndedAt">The time of its end; null for a pending job.</param>
/// <param name="Failure">Why it has no result; null if it has one or is pending.</param>
/// <param name="Build">The hash of its code.</param>
internal sealed record JobRow(
    long Id, string State, string Function, string? Key, int Priority, int LostAttempts, DateTimeOffset? EndedAt, string? Failure,
    string Build)
{
    private static readonly string[] Columns = ["id", "state", "function", "key", "ended (UTC)", "failure"];

    /// <summary>Creates the row of a job.</summary>
    public static JobRow From(PoolProtocol.ListedJob job) => new(
        job.Id.Value, FormatState(job), job.Function, job.Key, job.Priority,
        job.LostAttempts, job.Status is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(job.EndedAt), job.Failure, $"{job.Bundle}");

    /// <summary>Describes the job, one line for each property that it has.</summary>
    public string Describe() => string.Join('\n', new[]
    {
        ("id", $"{Id}"), ("state", State), ("function", Function), ("key", Key), ("priority", $"{Priority}"),
        ("lost attempts", $"{LostAttempts}"), ("ended (UTC)", FormatEnd()), ("failure", Failure), ("build", Build),
    }.Where(static property => !string.IsNullOrEmpty(property.Item2)).Select(static property => $"{property.Item1}: {property.Item2}"));

    /// <summary>Creates a table of jobs.</summary>
    public static IRenderable CreateTable(IEnumerable<JobRow> jobs) => Tables.CreateTable(Columns, jobs.Select(job => new[]
    {
        $"{job.Id}", job.State, job.Function, job.Key ?? "", job.FormatEnd(), job.Failure ?? "",
    }));

    private static string FormatState(PoolProtocol.ListedJob job) => job.Status is { } status ? $"{status}".ToLowerInvariant()
        : job.WaitsForBuild ? "waitingforbuild"
        : "pending";

    private string FormatEnd() => EndedAt?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
