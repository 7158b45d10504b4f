using System.Diagnostics;
using System.Security.Authentication;
using Actors;
using Spectre.Console;

namespace WordCount;

/// <summary>The job: count over the pool with a progress bar, count again in this process alone, compare and report.</summary>
internal sealed class Job(DirectoryInfo folder, int processes, string? connect, bool kill, bool json)
{
    // Bars and tables go to standard error when standard output is for the JSON.
    private readonly TextWriter _lines = json ? Console.Error : Console.Out;

    private readonly IAnsiConsole _console = json
        ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
        : AnsiConsole.Console;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var files = SdkTexts.FilesOf(folder);
            var pieces = files.SelectMany(Piece.Of).ToArray();
            if (files.Count == 0 || (kill && pieces.Length == 0))
                return Fail($"There is {(files.Count == 0 ? "no file" : "nothing to count, and so nobody to kill,")} in {folder.FullName}.");
            var run = await CountOverPoolAsync(pieces, cancellationToken);
            if (!Report(files.Count, pieces, run))
                return Fail("The counts differ from those of one process: this must not be.");
            if (json)
                Console.WriteLine(run.Counts.ToJson(files.Count));
            return 0;
        }
        catch (Exception exception) when (IsOfTheWorld(exception))
        {
            // In one line: what a worker wrote before it was lost is on standard error already.
            return Fail(exception.Message.Split('\n')[0]);
        }
    }

    /// <summary>Whether it is told of something outside this program, such as an address that is none, a coordinator that is not there, or a file that may not be read.</summary>
    private static bool IsOfTheWorld(Exception exception) => exception
        is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException or AuthenticationException
        or CoordinatorUnreachableException or CoordinatorLostException or WorkerLostException;

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }

    private async Task<Run> CountOverPoolAsync(Piece[] pieces, CancellationToken cancellationToken)
    {
        await using var pool = await ProcessPool.StartAsync(processes, connect, cancellationToken: cancellationToken);
        await using var killer = kill ? await Killer.StartAsync(pool, connect, cancellationToken) : null;
        var killing = killer?.KillAsync(cancellationToken);
        var run = new Run();
        var clock = Stopwatch.StartNew();
        await _console.Progress().HideCompleted(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask("counting", maxValue: pieces.Length);
            // The workers of this machine read the files themselves; to others their text is sent.
            var sent = (killer?.Aim(pieces) ?? pieces).Select(piece => connect is null ? piece : piece with { Text = piece.Read() });
            await foreach (var counts in pool.IMapUnordered(Count, sent, maxChunksAhead: 8 * processes).WithCancellation(cancellationToken))
            {
                run.Counts.Add(counts);
                bar.Increment(1);
            }
        });
        run.Elapsed = clock.Elapsed;
        await pool.CompleteAsync(cancellationToken);
        if (killing is not null)
            _lines.WriteLine(await killing);
        return run;
    }

    /// <summary>What runs in the worker processes.</summary>
    private static Dictionary<string, int> Count(Piece piece)
    {
        piece.Turnstile?.Pass();
        return Words.Count(piece.Read());
    }

    /// <returns>Whether one process counts the same.</returns>
    private bool Report(int files, Piece[] pieces, Run run)
    {
        var table = new Table { Title = new TableTitle("Top words") }.AddColumn("Word").AddColumn("Count", column => column.RightAligned());
        foreach (var (word, count) in run.Counts.Top)
            table.AddRow(Markup.Escape(word), $"{count:N0}");
        _console.Write(table);
        _lines.WriteLine($"{files:N0} files, {run.Counts.Words:N0} words, {run.Counts.Distinct:N0} distinct");

        var alone = CountAlone(pieces);
        _lines.WriteLine(
            $"{pieces.Length:N0} jobs in {run.Elapsed.TotalSeconds:0.00} s: {pieces.Length / run.Elapsed.TotalSeconds:N0} jobs a second over {processes} processes; "
            + $"one process alone {alone.Elapsed.TotalSeconds:0.00} s: speed-up {alone.Elapsed / run.Elapsed:0.00}");
        return run.Counts.SameAs(alone.Counts);
    }

    private static Run CountAlone(Piece[] pieces)
    {
        var run = new Run();
        var clock = Stopwatch.StartNew();
        foreach (var piece in pieces)
            run.Counts.Add(Count(piece));
        run.Elapsed = clock.Elapsed;
        return run;
    }

    private sealed class Run
    {
        public Counts Counts { get; } = new();

        public TimeSpan Elapsed { get; set; }
    }
}
