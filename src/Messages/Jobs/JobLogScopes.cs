using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Actors.Messages.Jobs;

/// <summary>
/// The scopes that a job has begun with its loggers. A scope applies to the records of all loggers, and flows into the tasks that the job
/// starts. Thread-safe.
/// </summary>
public sealed class JobLogScopes
{
    /// <summary>The most scopes of a record: the innermost ones.</summary>
    public const int MaxScopes = 8;

    private readonly LoggerExternalScopeProvider _begun = new();

    /// <summary>Begins a scope, which ends when the result is disposed.</summary>
    public IDisposable BeginScope(object? state) => _begun.Push(state);

    /// <summary>
    /// Captures the scopes of the calling code, the outermost first, with at most <see cref="JobLogRecord.MaxValues"/> values in all.
    /// </summary>
    public ImmutableArray<JobLogScope> CaptureScopes()
    {
        var states = new List<object?>();
        _begun.ForEachScope(static (state, list) => list.Add(state), states);
        if (states.Count == 0)
            return [];
        var scopes = ImmutableArray.CreateBuilder<JobLogScope>();
        var values = JobLogRecord.MaxValues;
        foreach (var state in states.Skip(states.Count - MaxScopes))
        {
            var scope = JobLogScope.FromState(state, values);
            values -= scope.Values.Length;
            scopes.Add(scope);
        }

        return scopes.DrainToImmutable();
    }
}
