using System.Globalization;
using Actors.Programs;
using Spectre.Console;

namespace Actors.Runner;

/// <summary>Shows the progress of a run on standard error, if that is a terminal, and writes the results.</summary>
/// <param name="series">The calls.</param>
/// <param name="isJson">Whether the results are written as one JSON object.</param>
/// <param name="output">Receives the results.</param>
/// <param name="errors">Receives the failures.</param>
internal sealed class RunView(CallSeries series, bool isJson, TextWriter output, TextWriter errors)
{
    private readonly List<CallOutcome> _outcomes = [];
    private int _ended;
    private int _skippedLines;

    private bool ShowsProgress => series.Count > 1 && errors == Console.Error && !Console.IsErrorRedirected;

    /// <summary>Counts an ended call. Thread-safe.</summary>
    public void AddEnded() => Interlocked.Increment(ref _ended);

    /// <summary>Shows a run until its end. The results of an interrupted run are written too.</summary>
    /// <param name="outcomes">The outcomes, in the order of the calls.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> ShowAsync(IAsyncEnumerable<CallOutcome> outcomes)
    {
        // Results between the lines of the progress bar would be overwritten, so a terminal gets them at the end.
        using var held = new StringWriter(CultureInfo.InvariantCulture);
        var writing = WriteOutcomesAsync(outcomes, ShowsProgress && !Console.IsOutputRedirected ? held : output);
        try
        {
            if (ShowsProgress)
                await ShowProgressAsync(writing).ConfigureAwait(false);
            await writing.ConfigureAwait(false);
        }
        finally
        {
            await output.WriteAsync(held.ToString()).ConfigureAwait(false);
            await WriteEndAsync(writing.IsCompletedSuccessfully).ConfigureAwait(false);
        }

        return _outcomes.All(outcome => outcome.Error is null) ? ExitCode.Success : ExitCode.Failure;
    }

    private async Task WriteEndAsync(bool isComplete)
    {
        var ended = _outcomes.Where(outcome => outcome.HasEnded).ToList();
        if (isJson && (isComplete || ended.Count > 0))
            WriteJson();
        foreach (var failure in ended.Where(outcome => outcome.Error is not null))
            await errors.WriteLineAsync(FormatFailure(failure)).ConfigureAwait(false);
        if (!isComplete && series.IsMap)
            await errors.WriteLineAsync($"{ended.Count} of {series.Count} calls have ended.").ConfigureAwait(false);
    }

    private void WriteJson()
    {
        var written = _outcomes.Take(_outcomes.FindLastIndex(outcome => outcome.HasEnded) + 1).ToList();
        JsonAnswer.WriteTo(output, new
        {
            Results = written.Select(outcome => outcome.Result),
            Failures = written.Where(outcome => outcome.Error is not null).Select(outcome => new { outcome.Call, outcome.Error }),
        });
    }

    private string FormatFailure(CallOutcome failure) => series.IsMap
        ? $"{series.Name} failed in line {failure.Call}: {failure.Error}"
        : $"{series.Name} failed: {failure.Error}";

    private async Task WriteOutcomesAsync(IAsyncEnumerable<CallOutcome> outcomes, TextWriter results)
    {
        await foreach (var outcome in outcomes.ConfigureAwait(false))
        {
            var formatted = isJson ? ResultText.FormatAsJson(outcome) : ResultText.FormatAsText(outcome, series.IsMap);
            if (!isJson && series.HasResult)
                await WriteResultAsync(formatted, results).ConfigureAwait(false);
            // Results are kept only for the JSON object.
            _outcomes.Add(isJson ? formatted : formatted with { Result = null });
        }
    }

    /// <summary>Writes a result. With a map each call has a line, so that results and lines of the file correspond.</summary>
    private async Task WriteResultAsync(CallOutcome outcome, TextWriter results)
    {
        if (!outcome.HasEnded)
        {
            _skippedLines++;
            return;
        }

        for (; series.IsMap && _skippedLines > 0; _skippedLines--)
            await results.WriteLineAsync().ConfigureAwait(false);
        if (series.IsMap || outcome.Result is not null)
            await results.WriteLineAsync((string?)outcome.Result).ConfigureAwait(false);
    }

    private async Task ShowProgressAsync(Task run)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(),
            new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(series.Name.EscapeMarkup(), maxValue: series.Count);
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
                while (!run.IsCompleted)
                {
                    bar.Value = Volatile.Read(ref _ended);
                    await Task.WhenAny(run, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
                }

                bar.Value = Volatile.Read(ref _ended);
            }).ConfigureAwait(false);
    }
}
