using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting.Tests;

/// <summary>Collects the log events of a host.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _logged = new();

    public ConcurrentQueue<(LogLevel Level, int Id, string Text, Exception? Exception)> Lines { get; } = new();

    /// <summary>Waits for an event with this id.</summary>
    public Task AwaitEventAsync(int id) => FindLogged(id).Task.WaitAsync(TimeSpan.FromSeconds(60));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue((logLevel, eventId.Id, formatter(state, exception), exception));
        FindLogged(eventId.Id).TrySetResult();
    }

    public void Dispose()
    {
    }

    private TaskCompletionSource FindLogged(int id) =>
        _logged.GetOrAdd(id, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
