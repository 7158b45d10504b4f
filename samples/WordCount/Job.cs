using System.Diagnostics;
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
        var files = SdkTexts.FilesOf(folder);
        if (files.Count == 0)
        {
            await Console.Error.WriteLineAsync($"There is no file in {folder.FullName}.");
            return 2;
        }

        try
        {
            var run = await CountOverPoolAsync(files, cancellationToken);
            if (json)
                Console.WriteLine(run.Counts.ToJson(files.Count));
            return Report(files, run) ? 0 : 1;
        }
        catch (Exception exception) when (exception is CoordinatorUnreachableException or PoolFailedException or CoordinatorLostException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private async Task<Run> CountOverPoolAsync(IReadOnlyList<FileInfo> files, CancellationToken cancellationToken)
    {
        await using var pool = await ProcessPool.StartAsync(processes, connect, cancellationToken: cancellationToken);
        var killer = new Killer(pool, kill, _lines);
        var run = new Run();
        var clock = Stopwatch.StartNew();
        await _console.Progress().HideCompleted(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask("counting", maxValue: files.Sum(file => file.Length));
            // The workers of this machine read the files themselves; to others their text is sent.
            var pieces = files.SelectMany(Piece.Of).Select(piece => connect is null ? piece : piece with { Text = piece.Read() });
            await foreach (var counts in pool.IMapUnordered(Count, pieces, maxChunksAhead: 8 * processes).WithCancellation(cancellationToken))
            {
                run.Counts.Add(counts.Words);
                run.Jobs++;
                bar.Increment(counts.Bytes);
                killer.Half(bar.Percentage >= 50);
            }
        });
        run.Elapsed = clock.Elapsed;
        pool.Close();
        await pool.JoinAsync(cancellationToken);
        killer.Report();
        return run;
    }

    /// <summary>What runs in the worker processes.</summary>
    private static PieceCounts Count(Piece piece)
    {
        var text = piece.Read();
        return new PieceCounts(Words.Count(text), text.Length);
    }

    private bool Report(IReadOnlyList<FileInfo> files, Run run)
    {
        var table = new Table { Title = new TableTitle("Top words") }.AddColumn("Word").AddColumn("Count", column => column.RightAligned());
        foreach (var (word, count) in run.Counts.Top)
            table.AddRow(Markup.Escape(word), $"{count:N0}");
        _console.Write(table);
        _lines.WriteLine($"{files.Count:N0} files, {run.Counts.Words:N0} words, {run.Counts.Distinct:N0} distinct");

        var alone = CountAlone(files);
        _lines.WriteLine(
            $"{run.Jobs:N0} jobs in {run.Elapsed.TotalSeconds:0.00} s: {run.Jobs / run.Elapsed.TotalSeconds:N0} jobs a second over {processes} processes; "
            + $"one process alone {alone.Elapsed.TotalSeconds:0.00} s: speed-up {alone.Elapsed / run.Elapsed:0.00}");
        if (run.Counts.SameAs(alone.Counts))
            return true;
        _lines.WriteLine("The counts differ from those of one process: this must not be.");
        return false;
    }

    private static Run CountAlone(IReadOnlyList<FileInfo> files)
    {
        var run = new Run();
        var clock = Stopwatch.StartNew();
        foreach (var piece in files.SelectMany(Piece.Of))
            run.Counts.Add(Count(piece).Words);
        run.Elapsed = clock.Elapsed;
        return run;
    }

    private sealed record PieceCounts(Dictionary<string, int> Words, int Bytes);

    private sealed class Run
    {
        public Counts Counts { get; } = new();

        public int Jobs { get; set; }

        public TimeSpan Elapsed { get; set; }
    }
}
