using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>A submitted job that its session knows until it ends.</summary>
internal abstract class PendingJob
{
    /// <summary>The job's number; set when it is submitted.</summary>
    public JobId Id { get; set; }

    /// <summary>The name of its function; null where this program does not know it.</summary>
    public string? Function { get; set; }

    /// <summary>Names the job in messages.</summary>
    public virtual CallName Call => new(Id, Function);

    /// <summary>How often the function was started; 0 until the job has ended.</summary>
    public int Attempts { get; protected set; }

    /// <summary>How many items it has: 1, or those of its chunk of a map.</summary>
    public virtual int Items => 1;

    /// <summary>How many of the items of a job that was called have failed.</summary>
    public virtual int FailedItems => 0;

    /// <summary>It takes one of the places of jobs that are outstanding; what was attached to takes none.</summary>
    public bool HasPlace { get; set; }

    /// <summary>What its caller's token was registered with; taken back when the job ends.</summary>
    public CancellationTokenRegistration Cancellation { get; set; }

    /// <summary>What its arguments need: kept from the garbage collector until it ends.</summary>
    public IReadOnlyList<object>? Kept { get; set; }

    /// <summary>What to send again when its coordinator is lost; null where nobody would.</summary>
    public JobSpec? Spec { get; set; }

    /// <summary>Whether its caller wants it no more; said again when its coordinator is lost.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Who submitted it: a pool with unfinished work is not collected, for its finalizer would end that.</summary>
    public object? Owner { get; set; }

    /// <summary>Somebody looks at how it ends; where that is noted.</summary>
    public virtual void See()
    {
    }

    /// <summary>Whether it has failed and nobody has looked at that. False where that cannot be known.</summary>
    public virtual bool IsUnseen => false;

    /// <summary>It has failed: from now on <see cref="IsUnseen"/> until somebody looks, who removes it from these.</summary>
    public virtual void NoteFailure(UnseenFailures failures)
    {
    }

    /// <summary>Called exactly once, on a thread of the session: must be quick and must not throw.</summary>
    /// <returns>What the caller gets instead of a result; null when it gets one.</returns>
    public abstract Exception? Complete(JobOutcome outcome);

    /// <summary>Called instead of <see cref="Complete"/> when no outcome can come any more, or nobody waits for it: on whichever thread ends the pool.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>So many items of it have ended, if it is a chunk of a map.</summary>
    public virtual void Progressed(int items)
    {
    }

    /// <summary>Fails it, for <see cref="Complete"/> to return.</summary>
    protected Exception Failed(Exception exception)
    {
        Fail(exception);
        return exception;
    }
}
