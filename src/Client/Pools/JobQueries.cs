using Actors.Messages;

namespace Actors.Pools;

/// <summary>Callers that wait for an answer of the pool about a job. Not thread-safe.</summary>
internal sealed class JobQueries
{
    private readonly Dictionary<JobId, TaskCompletionSource<bool>> _waiting = [];

    /// <summary>Returns the task of the answer.</summary>
    /// <param name="job">The job.</param>
    /// <param name="answer">The task.</param>
    /// <returns>True when the pool has to be asked; false when it was asked before.</returns>
    public bool TryAdd(JobId job, out Task<bool> answer)
    {
        var isNew = !_waiting.TryGetValue(job, out var waiting);
        if (waiting is null)
            _waiting[job] = waiting = new TaskCompletionSource<bool>(SimulatedThread.Continuations);
        answer = waiting.Task;
        return isNew;
    }

    /// <summary>Completes the question about a job.</summary>
    public void CompleteQuery(JobId job, bool answer)
    {
        if (_waiting.Remove(job, out var waiting))
            waiting.TrySetResult(answer);
    }

    /// <summary>Completes all questions with false, because the connection was lost.</summary>
    public void CompleteAll()
    {
        foreach (var waiting in _waiting.Values)
            waiting.TrySetResult(false);
        _waiting.Clear();
    }
}
