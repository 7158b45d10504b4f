using System.CommandLine;
using System.Text.Json;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Programs;
using Spectre.Console;

namespace Actors.Coordinator.Operating;

/// <summary>The operator commands for jobs of a durable pool: <c>jobs list</c>, <c>cancel</c>, <c>retry</c> and <c>delete</c>.</summary>
/// <param name="runInSession">Connects to a coordinator and runs a command.</param>
internal sealed class JobCommands(Func<ParseResult, Func<OperatorSession, Task<int>>, CancellationToken, Task<int>> runInSession)
{
    private const int MaxCount = 1000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Argument<string> _pool = new("pool") { Description = "The name of the durable pool." };
    private readonly Argument<long[]> _ids = new("id")
    {
        Description = "The ids of the jobs.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<long> _after = new("--after") { Description = "Lists jobs with greater ids only. Default: 0." };
    private readonly Option<int> _count = ProgramOptions.AddCheck(
        new Option<int>("--count")
        {
            Description = "The highest number of jobs. From 1 to 1000.",
            DefaultValueFactory = _ => 100,
        },
        count => count is < 1 or > MaxCount ? $"--count must be from 1 to {MaxCount}." : null);

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Writes a JSON array with one object for each job. Default: off, a table.",
    };

    /// <summary>Creates the command <c>jobs</c> with its subcommands.</summary>
    public Command CreateCommand()
    {
        var command = new Command("jobs", "Lists, cancels, retries and deletes jobs of a durable pool.");
        foreach (var subcommand in CreateSubcommands())
            command.Subcommands.Add(subcommand);
        return command;
    }

    private IEnumerable<Command> CreateSubcommands()
    {
        var list = new Command("list", "Lists the jobs that have not ended, and those whose results are retained, by their ids.")
        {
            _pool, _after, _count, _json,
        };
        list.SetAction((parsed, token) => runInSession(parsed, session => ListAsync(session, parsed, token), token));
        yield return list;
        yield return CreateChange("cancel", PoolProtocol.JobChange.Cancel, "Cancels jobs that have not ended.", "canceled");
        yield return CreateChange(
            "retry", PoolProtocol.JobChange.Retry, "Runs jobs again that have ended without a result.", "runs again");
        yield return CreateChange("delete", PoolProtocol.JobChange.Delete, "Forgets the results of jobs that have ended.", "deleted");
    }

    private Command CreateChange(string name, PoolProtocol.JobChange change, string description, string done)
    {
        var command = new Command(name, $"{description} Ends with 1 if it does not apply to one of the jobs.") { _pool, _ids };
        command.SetAction((parsed, token) => runInSession(parsed, session => ChangeAsync(session, parsed, change, done, token), token));
        return command;
    }

    private async Task<int> ListAsync(OperatorSession session, ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetValue(_pool)!;
        var listed = await session.AskPoolAsync<PoolProtocol.JobsListed>(
            name, pool => new PoolProtocol.ListJobs(pool, new JobId(parsed.GetValue(_after)), parsed.GetValue(_count)), cancellationToken)
            .ConfigureAwait(false);
        if (!listed.Exists)
            return await ReportUnknownAsync(name).ConfigureAwait(false);
        if (parsed.GetValue(_json))
            Console.WriteLine(JsonSerializer.Serialize(listed.Jobs.Select(Describe), Json));
        else
            WriteTable(listed);
        return 0;
    }

    private async Task<int> ChangeAsync(
        OperatorSession session, ParseResult parsed, PoolProtocol.JobChange change, string done, CancellationToken cancellationToken)
    {
        var (name, ids) = (parsed.GetValue(_pool)!, parsed.GetValue(_ids)!.Distinct().Select(id => new JobId(id)).ToList());
        var changed = await session.AskPoolAsync<PoolProtocol.JobsChanged>(
            name, pool => new PoolProtocol.ChangeJobs(pool, change, [.. ids]), cancellationToken).ConfigureAwait(false);
        if (!changed.Exists)
            return await ReportUnknownAsync(name).ConfigureAwait(false);
        foreach (var id in ids)
            Console.WriteLine($"{id} {(changed.Jobs.Contains(id) ? done : "is unchanged")}");
        return changed.Jobs.Length == ids.Count ? 0 : 1;
    }

    private static async Task<int> ReportUnknownAsync(string name)
    {
        await Console.Error.WriteLineAsync($"There is no durable pool '{name}'. Check the name.").ConfigureAwait(false);
        return 1;
    }

    private static object Describe(PoolProtocol.ListedJob job) => new
    {
        Id = job.Id.Value,
        State = NameOf(job),
        job.Function,
        job.Key,
        job.Priority,
        job.LostAttempts,
        EndedAt = EndOf(job),
        job.Failure,
        Build = $"{job.Bundle}",
    };

    private static string NameOf(PoolProtocol.ListedJob job) => job.Status is { } status ? $"{status}".ToLowerInvariant() : "pending";

    private static DateTimeOffset? EndOf(PoolProtocol.ListedJob job) =>
        job.Status is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(job.EndedAt);

    private static void WriteTable(PoolProtocol.JobsListed listed)
    {
        var table = new Table().AddColumns("id", "state", "function", "key", "ended (UTC)", "failure");
        foreach (var job in listed.Jobs)
        {
            table.AddRow(
                $"{job.Id}", NameOf(job), job.Function.EscapeMarkup(), (job.Key ?? "").EscapeMarkup(),
                EndOf(job)?.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) ?? "",
                (job.Failure ?? "").EscapeMarkup());
        }

        AnsiConsole.Write(table);
    }
}
