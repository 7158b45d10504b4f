using Actors;

namespace WordCount;

/// <summary>Where a job says that it has begun, and waits until it may go on: whoever looks for a worker that works is sure to find one there.</summary>
/// <param name="Begun">The process ids of those that have begun it.</param>
/// <param name="GoOn">What they wait for.</param>
internal sealed record Turnstile(ManagedQueue<int> Begun, ManagedQueue<int> GoOn)
{
    /// <summary>In the worker.</summary>
    public void Pass()
    {
        Begun.Put(Environment.ProcessId);
        GoOn.Get();
    }
}
