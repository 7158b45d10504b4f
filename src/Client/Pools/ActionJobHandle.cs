using System.Runtime.CompilerServices;
using Actors.Pools;

namespace Actors;

/// <summary>A job without a result.</summary>
public sealed class ActionJobHandle : JobHandle
{
    private readonly PendingCall<bool> _call;

    internal ActionJobHandle(JobControl control, Action<Task<bool>>? ended = null)
        : base(control) => _call = new PendingCall<bool>(static _ => true, ended);

    /// <summary>The job as a task: ends when the job does.</summary>
    public Task Task => _call.Task;

    /// <inheritdoc/>
    public override Task Completion => _call.Task;

    internal override PendingJob Pending => _call;

    internal override JobState EndState => _call.EndState;

    private protected override Task Ending => _call.Ending;

    private protected override void See() => _call.See();

    /// <summary>Makes <c>await handle</c> work.</summary>
    public TaskAwaiter GetAwaiter() => Completion.GetAwaiter();
}
