using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Actors.Testing;

/// <summary>Loggers that record their events with structured values and scopes.</summary>
internal sealed class RecordedLogs : ILoggerFactory
{
    private readonly ConcurrentQueue<RecordedEvent> _events = new();
    private readonly LoggerExternalScopeProvider _scopes = new();

    public IReadOnlyCollection<RecordedEvent> Events => _events;

    /// <summary>The events of one category.</summary>
    public IReadOnlyList<RecordedEvent> Of(string category) => [.. _events.Where(recorded => recorded.Category == category)];

    public ILogger CreateLogger(string categoryName) => new CategoryLogger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private static Dictionary<string, object?> ToValues(object? state) =>
        state is IEnumerable<KeyValuePair<string, object?>> values ? values.ToDictionary() : [];

    private sealed class CategoryLogger(RecordedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logs._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scope = new Dictionary<string, object?>();
            logs._scopes.ForEachScope(
                static (opened, all) => ToValues(opened).ToList().ForEach(value => all[value.Key] = value.Value), scope);
            logs._events.Enqueue(new RecordedEvent(
                category, logLevel, eventId, formatter(state, exception), exception?.ToString(), ToValues(state), scope));
        }
    }
}

/// <summary>An event of <see cref="RecordedLogs"/>.</summary>
internal sealed record RecordedEvent(
    string Category, LogLevel Level, EventId EventId, string Text, string? Exception, IReadOnlyDictionary<string, object?> Values,
    IReadOnlyDictionary<string, object?> Scope);
