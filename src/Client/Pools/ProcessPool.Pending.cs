using System.Diagnostics;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Pools;
using Actors.Telemetry;

namespace Actors;

/// <content>The submission of every job.</content>
public partial class ProcessPool
{
    /// <summary>The callbacks, which run one at a time.</summary>
    internal PoolCallbacks Callbacks => _callbacks;

    /// <summary>Submits a job, and observes it if anybody listens.</summary>
    /// <param name="job">Receives the outcome.</param>
    /// <param name="call">The encoded call.</param>
    /// <param name="options">The options of the job.</param>
    /// <param name="cancellationToken">Cancels the wait for capacity, and afterwards the job.</param>
    /// <param name="map">The span of the map that the job is a chunk of; null for none.</param>
    internal void SubmitPending(
        PendingJob job, PreparedCall call, JobOptions? options, CancellationToken cancellationToken, Activity? map = null) =>
        Submit(job, call, PreparePolicy(job, call, options), cancellationToken, map);

    /// <summary>Submits a job like <see cref="SubmitPending"/>, but never blocks the thread.</summary>
    private async Task SubmitPendingAsync(
        PendingJob job, PreparedCall call, JobOptions? options, CancellationToken cancellationToken, Activity? map = null)
    {
        var policy = PreparePolicy(job, call, options);
        await _session.ReserveSlotAsync(job, call, cancellationToken).ConfigureAwait(false);
        Submit(job, call, policy, cancellationToken, map);
    }

    private JobPolicy PreparePolicy(PendingJob job, PreparedCall call, JobOptions? options)
    {
        options?.Validate();
        if (options is not null)
            RequireKeyPermitted(job, options);
        job.Control = _control;
        job.Reports = JobReports.FromCall(call, _callbacks);
        job.HasCallback = options?.Callback is not null;
        if (options?.ErrorCallback is not null)
            job.MarkSeen();
        return _origins.AddTo(AddName(options?.ToPolicy(_options.MaxAttempts) ?? _defaultPolicy, call));
    }

    private JobPolicy AddName(JobPolicy policy, PreparedCall call) =>
        call.Name is { } name && IsDurable ? policy with { Named = name } : policy;

    private void Submit(
        PendingJob job, PreparedCall call, JobPolicy policy, CancellationToken cancellationToken, Activity? map = null)
    {
        if (PoolInstruments.ObserveJobs)
            SubmitObserved(job, call, policy, map, cancellationToken);
        else
            _session.SubmitJob(job, call, policy, cancellationToken);
    }

    private void SubmitObserved(
        PendingJob job, PreparedCall call, JobPolicy policy, Activity? map, CancellationToken cancellationToken)
    {
        var telemetry = job.Telemetry = _telemetry.BeginJob(call.Function.Name, map);
        try
        {
            _session.SubmitJob(job, call, telemetry.AddTrace(policy), cancellationToken);
        }
        catch (Exception exception)
        {
            telemetry.OnRefused(exception);
            throw;
        }

        telemetry.OnSubmitted(call.Arguments.Length);
    }
}
