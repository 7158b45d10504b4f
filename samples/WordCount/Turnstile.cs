using Actors;

namespace WordCount;

/// <summary>
/// A point at which a job reports its start and waits for permission to continue. A worker that waits there is known to be busy.
/// </summary>
/// <param name="Begun">Receives the process id of each worker that reaches the turnstile.</param>
/// <param name="GoOn">Holds one item for each worker that may continue.</param>
internal sealed record Turnstile(ManagedQueue<int> Begun, ManagedQueue<int> GoOn)
{
    /// <summary>Reports this worker and waits. Called in the worker.</summary>
    public void WaitToPass()
    {
        Begun.Put(Environment.ProcessId);
        GoOn.Get();
    }
}
