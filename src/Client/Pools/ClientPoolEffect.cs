using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>An action that <see cref="ClientPoolState"/> requests from its session.</summary>
internal abstract record ClientPoolEffect
{
    /// <summary>Sends a message to the pool.</summary>
    public sealed record SendMessage(IWireMessage Message) : ClientPoolEffect;

    /// <summary>Ends jobs that the pool does not know or has not begun, as if it had reported these outcomes.</summary>
    public sealed record EndJobs(ImmutableArray<JobOutcome> Outcomes) : ClientPoolEffect;

    /// <summary>Calls <see cref="ClientPoolState.OnCompareTick"/> after a pause, because something is outstanding.</summary>
    public sealed record StartComparing(TimeSpan Pause) : ClientPoolEffect;

    /// <summary>Uploads the arguments of a job. Answered by <see cref="ClientPoolState.OnUploaded"/>.</summary>
    /// <param name="Job">The job with its arguments.</param>
    /// <param name="HasSlot">Whether the submitting code has waited for a slot.</param>
    public sealed record StartUpload(JobSpec Job, bool HasSlot) : ClientPoolEffect;

    /// <summary>Cancels the upload of a job.</summary>
    public sealed record CancelUpload(JobId Job) : ClientPoolEffect;

    /// <summary>Releases the slot of a job that is uploaded after the next connection.</summary>
    public sealed record ReleaseUploadSlot : ClientPoolEffect;

    /// <summary>Downloads the result of an outcome, which then arrives with its payload.</summary>
    public sealed record StartDownload(JobOutcome Outcome) : ClientPoolEffect;

    /// <summary>Cancels all uploads and downloads.</summary>
    public sealed record CancelTransfers : ClientPoolEffect;

    /// <summary>
    /// Calls <see cref="ClientPoolState.FinishSession"/> after the current message is handled, if <see cref="ClientPoolState.HasFinished"/>
    /// is still true then.
    /// </summary>
    public sealed record FinishSession : ClientPoolEffect
    {
        /// <summary>The only instance.</summary>
        public static readonly FinishSession Instance = new();
    }

    /// <summary>Completes the withdrawal of a job that has become a handle of another job.</summary>
    public sealed record ForgetWithdrawal(JobId Job) : ClientPoolEffect;
}
