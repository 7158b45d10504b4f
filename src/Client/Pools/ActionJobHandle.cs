using System.Runtime.CompilerServices;
using Actors.Messages.Values;
using Actors.Pools;

namespace Actors;

/// <summary>Handle of a submitted job that returns no result.</summary>
public sealed class ActionJobHandle : JobHandle
{
    private readonly PendingCall<Nothing> _call;

    internal ActionJobHandle(JobControl control, Action<Task<Nothing>>? ended = null) =>
        _call = new PendingCall<Nothing>(ended) { Control = control };

    /// <summary>Gets the task that completes when the job ends.</summary>
    public Task Task => _call.Task;

    /// <inheritdoc/>
    public override Task Completion => _call.Task;

    internal override PendingJob Pending => _call;

    internal override Task SeenCompletion => _call.SeenTask;

    internal override JobState EndState => _call.EndState;

    private protected override Task Ending => _call.Ending;

    /// <summary>Supports <c>await handle</c>.</summary>
    public TaskAwaiter GetAwaiter() => Completion.GetAwaiter();
}
