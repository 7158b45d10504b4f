using System.Globalization;
using System.Text.Json;
using Actors.Programs;
using Spectre.Console;

namespace Actors.Runner;

/// <summary>Shows the progress of a run on standard error, if that is a terminal, and writes the results to standard output.</summary>
/// <param name="isJson">Whether the results are written as one JSON object.</param>
/// <param name="count">The number of calls.</param>
/// <param name="name">The name of the function.</param>
internal sealed class RunView(bool isJson, int count, string name)
{
    private readonly List<CallOutcome> _outcomes = [];
    private int _ended;

    private bool ShowsProgress => count > 1 && !Console.IsErrorRedirected;

    /// <summary>Counts an ended call. Thread-safe.</summary>
    public void AddEnded() => Interlocked.Increment(ref _ended);

    /// <summary>Shows a run until its end.</summary>
    /// <param name="outcomes">The outcomes, in the order of the calls.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> ShowAsync(IAsyncEnumerable<CallOutcome> outcomes)
    {
        // Results between the lines of the progress bar would be overwritten, so a terminal gets them at the end.
        using var held = new StringWriter(CultureInfo.InvariantCulture);
        var output = ShowsProgress && !Console.IsOutputRedirected ? held : Console.Out;
        var writing = WriteOutcomesAsync(outcomes, output);
        if (ShowsProgress)
            await ShowProgressAsync(writing).ConfigureAwait(false);
        await writing.ConfigureAwait(false);
        await Console.Out.WriteAsync(held.ToString()).ConfigureAwait(false);
        var failures = _outcomes.Where(outcome => outcome.Error is not null).ToList();
        if (isJson)
        {
            JsonAnswer.WriteTo(Console.Out, new
            {
                Results = _outcomes.Select(outcome => outcome.Result),
                Failures = failures.Select(outcome => new { outcome.Call, outcome.Error }),
            });
        }

        foreach (var failure in failures)
            await Console.Error.WriteLineAsync(FormatFailure(failure)).ConfigureAwait(false);
        return failures.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Formats a result: a text as it is, a number without a culture, another value as JSON.</summary>
    public static string FormatResult(object result) => result switch
    {
        string text => text,
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(result, JsonAnswer.Format),
    };

    private string FormatFailure(CallOutcome failure) => count == 1 ? $"{name} failed: {failure.Error}"
        : $"{name} failed in line {failure.Call}: {failure.Error}";

    private async Task WriteOutcomesAsync(IAsyncEnumerable<CallOutcome> outcomes, TextWriter output)
    {
        await foreach (var outcome in outcomes.ConfigureAwait(false))
        {
            if (!isJson && outcome.Result is { } result)
                await output.WriteLineAsync(FormatResult(result)).ConfigureAwait(false);
            // Results are kept only for the JSON object.
            _outcomes.Add(isJson ? outcome : outcome with { Result = null });
        }
    }

    private async Task ShowProgressAsync(Task run)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(),
            new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(name.EscapeMarkup(), maxValue: count);
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
