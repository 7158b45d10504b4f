using System.CommandLine;
using Actors.Cli.Output;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Programs;

namespace Actors.Cli.Operating;

/// <summary>
/// The commands for jobs of a durable pool: <c>jobs list</c>, <c>show</c>, <c>cancel</c>, <c>retry</c> and <c>delete</c>.
/// </summary>
internal sealed class JobCommands
{
    private const int MaxCount = 1000;

    private readonly ClusterConnection _connection = new();
    private readonly Argument<string> _pool = new("pool") { Description = "The name of the durable pool." };
    private readonly Argument<long[]> _ids = new("id")
    {
        Description = "The ids of the jobs.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Argument<long> _id = new("id") { Description = "The id of the job." };
    private readonly Option<long> _after = new("--after") { Description = "Lists jobs with greater ids only. Default: 0." };
    private readonly Option<int> _count = ProgramOptions.AddCheck(
        new Option<int>("--count")
        {
            Description = "The highest number of jobs. From 1 to 1000.",
            DefaultValueFactory = _ => 100,
        },
        count => count is < 1 or > MaxCount ? $"--count must be from 1 to {MaxCount}." : null);

    /// <summary>Creates the command <c>jobs</c> with its subcommands.</summary>
    public Command CreateCommand()
    {
        var command = new Command("jobs", "Lists, shows, cancels, retries and deletes jobs of a durable pool.");
        foreach (var subcommand in CreateSubcommands())
            command.Subcommands.Add(_connection.AddTo(subcommand));
        return command;
    }

    private IEnumerable<Command> CreateSubcommands()
    {
        var list = new Command("list", "Lists the jobs that have not ended, and those whose results are retained, by their ids.")
        {
            _pool, _after, _count,
        };
        list.SetAction((parsed, token) => _connection.RunInSessionAsync(
            parsed, (session, output) => ListJobsAsync(session, output, parsed, token), token));
        yield return list;
        var show = new Command("show", "Shows a job that has not ended, or whose result is retained. Ends with 1 if there is none.")
        {
            _pool, _id,
        };
        show.SetAction((parsed, token) => _connection.RunInSessionAsync(
            parsed, (session, output) => ShowJobAsync(session, output, parsed, token), token));
        yield return show;
        yield return CreateChange("cancel", PoolProtocol.JobChange.Cancel, "Cancels jobs that have not ended.", "canceled");
        yield return CreateChange(
            "retry", PoolProtocol.JobChange.Retry, "Runs jobs again that have ended without a result.", "runs again");
        yield return CreateChange("delete", PoolProtocol.JobChange.Delete, "Forgets the results of jobs that have ended.", "deleted");
    }

    private Command CreateChange(string name, PoolProtocol.JobChange change, string description, string done)
    {
        var command = new Command(name, $"{description} Ends with 1 if it does not apply to one of the jobs.") { _pool, _ids };
        command.SetAction((parsed, token) => _connection.RunInSessionAsync(
            parsed, (session, output) => ChangeJobsAsync(session, output, parsed, (change, done), token), token));
        return command;
    }

    private async Task<int> ListJobsAsync(
        OperatorSession session, CommandOutput output, ParseResult parsed, CancellationToken cancellationToken)
    {
        var jobs = await FindJobsAsync(
            session, parsed.GetValue(_pool)!, parsed.GetValue(_after), parsed.GetValue(_count), cancellationToken).ConfigureAwait(false);
        output.Write(jobs, JobRow.CreateTable);
        return ExitCode.Success;
    }

    private async Task<int> ShowJobAsync(
        OperatorSession session, CommandOutput output, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (name, id) = (parsed.GetValue(_pool)!, parsed.GetValue(_id));
        var next = await FindJobsAsync(session, name, id - 1, count: 1, cancellationToken).ConfigureAwait(false);
        if (next is not [var job] || job.Id != id)
        {
            throw new InvalidOperationException(
                $"The durable pool '{name}' does not know job {id}: it was never accepted, or its result was received or has expired.");
        }

        output.WriteLine(job, job.Describe());
        return ExitCode.Success;
    }

    private static async Task<List<JobRow>> FindJobsAsync(
        OperatorSession session, string name, long after, int count, CancellationToken cancellationToken)
    {
        var listed = await session.AskPoolAsync<PoolProtocol.JobsListed>(
            name, pool => new PoolProtocol.ListJobs(pool, new JobId(after), count), cancellationToken).ConfigureAwait(false);
        OperatorSession.RequirePool(listed.Exists, name);
        return [.. listed.Jobs.Select(JobRow.From)];
    }

    private async Task<int> ChangeJobsAsync(
        OperatorSession session, CommandOutput output, ParseResult parsed, (PoolProtocol.JobChange Change, string Done) request,
        CancellationToken cancellationToken)
    {
        var (name, ids) = (parsed.GetValue(_pool)!, parsed.GetValue(_ids)!.Distinct().ToList());
        var changed = await session.AskPoolAsync<PoolProtocol.JobsChanged>(
            name, pool => new PoolProtocol.ChangeJobs(pool, request.Change, [.. ids.Select(id => new JobId(id))]), cancellationToken)
            .ConfigureAwait(false);
        OperatorSession.RequirePool(changed.Exists, name);
        var jobs = ids.Select(id => new { Id = id, IsChanged = changed.Jobs.Contains(new JobId(id)) }).ToList();
        output.WriteLine(jobs, string.Join('\n', jobs.Select(job => $"{job.Id} {(job.IsChanged ? request.Done : "is unchanged")}")));
        return jobs.All(job => job.IsChanged) ? ExitCode.Success : ExitCode.Failure;
    }
}
