using Microsoft.Extensions.Logging;

namespace Actors.Messages.Jobs;

/// <summary>
/// Sends records, with the scopes in which they were logged, to the program that has submitted the job. Thread-safe.
/// </summary>
/// <param name="category">The category.</param>
/// <param name="job">The job; null for the job that runs the calling code. Records outside of a job are dropped.</param>
public sealed class JobLogger(string category, JobContext? job = null) : ILogger
{
    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && (job ?? JobContext.Current)?.SendsLogs(logLevel) == true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (IsEnabled(logLevel))
            (job ?? JobContext.Current)?.Logs?.AddRecord(logLevel, category, eventId, state, exception, formatter);
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => (job ?? JobContext.Current)?.Logs?.Scopes.BeginScope(state);
}
