using System.Collections.Concurrent;

namespace Actors.Remoting.Transport;

/// <summary>The last refusal of each address that this program wanted to connect to. Thread-safe.</summary>
internal sealed class LinkRefusals
{
    private readonly ConcurrentDictionary<HostPort, TaskCompletionSource<LinkRefusal>> _refusals = new();

    /// <summary>Ends when a connection to an address is refused, or has been since the last that was established.</summary>
    public Task<LinkRefusal> WhenRefused(HostPort at) => GetSource(at).Task;

    /// <summary>A connection was refused. Only a refusal that another attempt does not change is kept.</summary>
    public void AddRefusal(HostPort at, LinkRefusal refusal)
    {
        if (!refusal.IsTemporary)
            GetSource(at).TrySetResult(refusal);
    }

    /// <summary>A connection was established.</summary>
    public void RemoveRefusal(HostPort at)
    {
        if (_refusals.TryGetValue(at, out var refusal) && refusal.Task.IsCompleted)
            _refusals.TryRemove(new(at, refusal));
    }

    private TaskCompletionSource<LinkRefusal> GetSource(HostPort at) => _refusals.GetOrAdd(at, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
