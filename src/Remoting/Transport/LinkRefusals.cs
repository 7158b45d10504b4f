using System.Collections.Concurrent;

namespace Actors.Remoting.Transport;

/// <summary>The last refusal of each address that this program connected to. Thread-safe.</summary>
public sealed class LinkRefusals
{
    private readonly ConcurrentDictionary<HostPort, TaskCompletionSource<LinkRefusal>> _refusals = new();

    /// <summary>
    /// Completes when a connection to an address is refused. Already complete if one was refused since the last established connection.
    /// </summary>
    public Task<LinkRefusal> WhenRefused(HostPort at) => GetSource(at).Task;

    /// <summary>Records a refusal, unless another attempt may succeed without a change of configuration.</summary>
    public void AddRefusal(HostPort at, LinkRefusal refusal)
    {
        if (!refusal.IsTemporary)
            GetSource(at).TrySetResult(refusal);
    }

    /// <summary>Removes the refusal of an address after a connection was established.</summary>
    public void RemoveRefusal(HostPort at)
    {
        if (_refusals.TryGetValue(at, out var refusal) && refusal.Task.IsCompleted)
            _refusals.TryRemove(new(at, refusal));
    }

    private TaskCompletionSource<LinkRefusal> GetSource(HostPort at) =>
        _refusals.GetOrAdd(at, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
