using System.Diagnostics;
using System.Security.Authentication;
using Actors;
using Spectre.Console;

namespace WordCount;

/// <summary>Counts with a pool and a progress bar, and in this process alone; compares both counts and prints them.</summary>
internal sealed class Job(DirectoryInfo folder, int processes, string? connect, bool kill, bool json)
{
    private const int ChunksPerWorker = 8;

    // A process compiles the code of its first pieces. That belongs to its start: the whole count takes half a second.
    private const int WarmUpPieces = 4;

    // A build server that has just built this program still uses a processor for seconds, and each process compiles its busiest code again
    // meanwhile. The fastest round is without both.
    private const int Rounds = 8;

    /// <summary>The longest wait for the workers of this machine. A worker that starts later joins the count then.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(10);

    // Bars and tables go to standard error when standard output is for the JSON.
    private readonly TextWriter _lines = json ? Console.Error : Console.Out;

    private readonly IAnsiConsole _console = json
        ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
        : AnsiConsole.Console;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var files = SdkTexts.ListFiles(folder);
            var pieces = files.SelectMany(Piece.Split).ToArray();
            if (files.Count == 0 || (kill && pieces.Length == 0))
            {
                return PrintError(
                    $"There is {(files.Count == 0 ? "no file" : "nothing to count, so no worker to kill,")} in {folder.FullName}.");
            }

            var run = await CountOverPoolAsync(pieces, cancellationToken);
            PrintReport(files.Count, run);
            if (!run.Pool.Counts.Matches(run.Alone.Counts))
                return PrintError("The counts differ from those of one process. This is a defect.");
            if (json)
                Console.WriteLine(run.Pool.Counts.ToJson(files.Count));
            return 0;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            // One line: standard error has the worker's own output already.
            return PrintError(exception.Message.Split('\n')[0]);
        }
    }

    /// <summary>
    /// Whether the cause is outside this program, such as a wrong address, an unreachable coordinator, or an unreadable file.
    /// </summary>
    private static bool IsExpected(Exception exception) => exception
        is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException or AuthenticationException
        or CoordinatorUnreachableException or CoordinatorLostException or WorkerLostException;

    private static int PrintError(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }

    private async Task<Run> CountOverPoolAsync(Piece[] pieces, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await using var pool = await ProcessPool.StartAsync(processes, connect, cancellationToken: cancellationToken);
        await WaitForWorkersAsync(pool, cancellationToken);
        await pool.MapAsync(Count, MakeReadable(pieces.Take(WarmUpPieces * processes)), 1, cancellationToken: cancellationToken);
        var start = clock.Elapsed;
        await using var killer = kill ? await Killer.StartAsync(pool, connect, cancellationToken) : null;
        var killing = killer?.KillAsync(cancellationToken);
        CountAlone(pieces.Take(WarmUpPieces));
        var (together, alone) = (new List<Measured>(), new List<Measured>());
        for (var round = 0; round < (kill || connect is not null ? 1 : Rounds); round++)
        {
            together.Add(await MeasureAsync(() => CountAsync(pool, killer?.MarkTarget(pieces) ?? pieces, cancellationToken)));
            alone.Add(await MeasureAsync(() => Task.FromResult(CountAlone(pieces))));
        }

        await pool.CompleteAsync(cancellationToken);
        if (killing is not null)
            _lines.WriteLine(await killing);
        return new Run(start, together.MinBy(round => round.Elapsed)!, alone.MinBy(round => round.Elapsed)!);
    }

    private static async Task<Measured> MeasureAsync(Func<Task<Dictionary<string, long>>> count)
    {
        var clock = Stopwatch.StartNew();
        var counts = await count();
        return new Measured(new Counts(counts), clock.Elapsed);
    }

    /// <summary>Waits until the workers run: all of them on this machine, one on a cluster, which may have fewer slots.</summary>
    private async Task WaitForWorkersAsync(ProcessPool pool, CancellationToken cancellationToken)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pool.WorkerChanged += _ => CompleteIfReady();
        await pool.ApplyAsync(() => { }, cancellationToken: cancellationToken);
        CompleteIfReady();
        await Task.WhenAny(ready.Task, Task.Delay(LongestStart, cancellationToken));

        void CompleteIfReady()
        {
            if (pool.Workers.Count >= (connect is null ? processes : 1))
                ready.TrySetResult();
        }
    }

    private Task<Dictionary<string, long>> CountAsync(ProcessPool pool, Piece[] pieces, CancellationToken cancellationToken) =>
        _console.Progress().HideCompleted(true).StartAsync(progress =>
        {
            var bar = progress.AddTask("counting", maxValue: pieces.Length);
            // Twice the default number of chunks: pieces differ in length, and no worker should be idle at the end.
            var chunkSize = Math.Max(1, pieces.Length / (ChunksPerWorker * processes));
            return pool.MapReduceAsync(
                MakeReadable(pieces), [], Count, Words.Merge, chunkSize, new JobOptions { Progress = new Bar(bar) }, cancellationToken);
        });

    /// <summary>Adds the text if the pieces go to other machines. Workers of this machine read the files themselves.</summary>
    private IEnumerable<Piece> MakeReadable(IEnumerable<Piece> pieces) =>
        connect is null ? pieces : pieces.Select(piece => piece with { Text = piece.Read() });

    /// <summary>Counts one piece, in a worker process.</summary>
    private static Dictionary<string, long> Count(Piece piece)
    {
        piece.Turnstile?.WaitToPass();
        return Words.Count(piece.Read());
    }

    private static Dictionary<string, long> CountAlone(IEnumerable<Piece> pieces) =>
        pieces.Select(Count).Aggregate(new Dictionary<string, long>(), Words.Merge);

    private void PrintReport(int files, Run run)
    {
        var table = new Table { Title = new TableTitle("Top words") }.AddColumn("Word").AddColumn("Count", column => column.RightAligned());
        foreach (var (word, count) in run.Pool.Counts.Top)
            table.AddRow(Markup.Escape(word), $"{count:N0}");
        _console.Write(table);
        _lines.WriteLine($"{files:N0} files, {run.Pool.Counts.Words:N0} words, {run.Pool.Counts.Distinct:N0} distinct");
        _lines.WriteLine(
            $"{processes} workers {run.Pool.Elapsed.TotalSeconds:0.00} s, one process alone {run.Alone.Elapsed.TotalSeconds:0.00} s: "
            + $"speed-up {run.Alone.Elapsed / run.Pool.Elapsed:0.00} (start of the pool: {run.Start.TotalSeconds:0.00} s)");
    }

    /// <summary>Both ways to count: with the pool and in this process alone.</summary>
    /// <param name="Start">The time that the start of the pool took.</param>
    /// <param name="Pool">The fastest round of the pool.</param>
    /// <param name="Alone">The fastest round of this process alone.</param>
    private sealed record Run(TimeSpan Start, Measured Pool, Measured Alone);

    private sealed record Measured(Counts Counts, TimeSpan Elapsed);

    /// <summary>Shows the number of counted pieces.</summary>
    private sealed class Bar(ProgressTask task) : IProgress<int>
    {
        public void Report(int value) => task.Value = value;
    }
}
