using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Telemetry;
using Actors.Messages.Values;
using Actors.Telemetry;

namespace Actors.Pools;

/// <summary>A submitted job that has not ended.</summary>
internal abstract partial class PendingJob
{
    private volatile bool _isAccepted;
    private Extras? _extras;

    /// <summary>The number of the job; set when it is submitted.</summary>
    public JobId Id { get; set; }

    /// <summary>
    /// Whether the number is kept from the user until the job is accepted, because a durable pool may lose the job before.
    /// </summary>
    public bool HasHiddenId { get; set; }

    /// <summary>Whether the pool has accepted the job, as far as this client knows.</summary>
    public bool IsAccepted => _isAccepted;

    /// <summary>Whether <see cref="Acceptance"/> has completed.</summary>
    public bool IsAcceptanceKnown => _isAccepted || _extras?.Acceptance.HasEnded == true;

    /// <summary>Completes when the pool has accepted the job; fails with the reason when it did not.</summary>
    public Task Acceptance
    {
        get
        {
            var extras = GetExtras();
            var acceptance = extras.Acceptance.Task;
            // The pool may have accepted the job before the task existed.
            if (_isAccepted)
                extras.Acceptance.Succeed(true);
            return acceptance;
        }
    }

    /// <summary>The name of the function; null for a job that another program submitted.</summary>
    public string? Function { get; set; }

    /// <summary>Names the job in messages.</summary>
    public virtual CallName Call => new(Id, Function);

    /// <summary>The number of times the function was started; 0 until the job has ended.</summary>
    public int Attempts { get; protected set; }

    /// <summary>The number of items: 1, or the items of a chunk of a map.</summary>
    public virtual int Items => 1;

    /// <summary>The index of the first item in the map; 0 for a single job.</summary>
    public virtual long FirstItem => 0;

    /// <summary>The number of failed items of a job that ran.</summary>
    public virtual int FailedItems => 0;

    /// <summary>Whether the job counts toward <see cref="PoolOptions.MaxPendingJobs"/>. Attached jobs do not.</summary>
    public bool HasSlot { get; set; }

    /// <summary>The registration with the caller's cancellation token; removed when the job ends.</summary>
    public CancellationTokenRegistration Cancellation
    {
        get => _extras?.Cancellation ?? default;
        set => GetExtras().Cancellation = value;
    }

    /// <summary>Objects that the arguments refer to. They must not be collected before the job ends.</summary>
    public IReadOnlyList<object>? Retained
    {
        get => _extras?.Retained;
        set => SetExtra(value, static (extras, value) => extras.Retained = value);
    }

    /// <summary>The job to resubmit after the loss of its coordinator; null when it cannot be resubmitted.</summary>
    public JobSpec? Spec { get; set; }

    /// <summary>Whether the caller canceled the job; repeated after a reconnect.</summary>
    public bool IsCanceled { get; set; }

    /// <summary>Whether the pool was asked for the outcome of the job, which it accepted before; repeated until the job ends.</summary>
    public bool IsAttached { get; set; }

    /// <summary>
    /// The pool that submitted the job. It must not be collected while work is unfinished, because its finalizer would end that work.
    /// </summary>
    public JobControl? Control { get; set; }

    /// <summary>Whether the caller can find the job again in a durable pool, by a key or an id, so that its outcome is retained.</summary>
    public virtual bool CanBeFound => false;

    /// <summary>Whether a callback receives the result when the job ends.</summary>
    public bool HasCallback { get; set; }

    /// <summary>Whether only <see cref="JobHandle.Acknowledge"/> confirms the outcome.</summary>
    public bool IsAcknowledgedExplicitly { get; set; }

    /// <summary>The next handle of the same job in this program; null for none.</summary>
    public PendingJob? Next
    {
        get => _extras?.Next;
        set => SetExtra(value, static (extras, value) => extras.Next = value);
    }

    /// <summary>Counts and traces the job; null without a listener.</summary>
    public JobTelemetry? Telemetry
    {
        get => ActorsTelemetry.IsSupported ? _extras?.Telemetry : null;
        set => SetExtra(value, static (extras, value) => extras.Telemetry = value);
    }

    /// <summary>Observes the end of the job; null for none.</summary>
    public IJobObserver? Observer
    {
        get => _extras?.Observer;
        set => SetExtra(value, static (extras, value) => extras.Observer = value);
    }

    /// <summary>Ends the job with its outcome, and tells the observer.</summary>
    /// <returns>The exception for the caller; null when there is a result.</returns>
    public Exception? EndWith(JobOutcome outcome)
    {
        Telemetry?.OnEnded(outcome, GetResultLength(outcome));
        // Before the end is visible. A job that has begun was accepted, whether or not that was reported.
        var isDoubtful = !IsAcceptanceKnown && outcome.Status is JobStatus.Refused or JobStatus.Canceled or JobStatus.PoolTerminated
            or JobStatus.PoolFailed or JobStatus.Unknown;
        if (!isDoubtful && !IsAcceptanceKnown)
            MarkAccepted();
        var error = Complete(Observer is null ? outcome : Observer.OnEnding(this, outcome));
        if (isDoubtful && error is not null)
            FailAcceptance(error);
        Observer?.OnEnded(this);
        return error;
    }

    /// <summary>Ends the job without an outcome, and tells the observer.</summary>
    public void EndWith(Exception exception)
    {
        Telemetry?.OnEnded(exception);
        var error = Observer is null ? exception : Observer.OnFailing(this, exception);
        FailAcceptance(error);
        Fail(error);
        Observer?.OnEnded(this);
    }

    /// <summary>Records that the pool has accepted the job.</summary>
    public void MarkAccepted()
    {
        _isAccepted = true;
        // Code that creates the task now sees the mark, or this method sees the task.
        Interlocked.MemoryBarrier();
        if (_extras is { } extras)
            CompleteAcceptance(extras);
    }

    /// <summary>
    /// Decodes a large result before the job ends with it, so that other results do not wait meanwhile. Called on any thread, before
    /// <see cref="Complete"/>; does not throw.
    /// </summary>
    public virtual void DecodeEarly(ReadOnlyMemory<byte> result)
    {
    }

    /// <summary>Creates a receiver of a large result; null if it is decoded from all of its bytes.</summary>
    /// <param name="length">The number of bytes of the encoded result.</param>
    public virtual ValueReceiver? CreateReceiver(int length) => null;

    /// <summary>
    /// Decodes a large result from its receiver. Called on any thread, before <see cref="Complete"/> with an outcome without payload; does
    /// not throw.
    /// </summary>
    public virtual void DecodeEarly(ValueReceiver receiver)
    {
    }

    /// <summary>Ends the job with its outcome. Called exactly once, on a thread of the session; must be quick and must not throw.</summary>
    /// <returns>The exception for the caller; null when there is a result.</returns>
    public abstract Exception? Complete(JobOutcome outcome);

    /// <summary>
    /// Ends the job without an outcome. Called instead of <see cref="Complete"/> when no outcome can arrive, on the thread that ends the
    /// pool.
    /// </summary>
    public abstract void Fail(Exception exception);

    /// <summary>The receiver that has a large result; null for none.</summary>
    protected ValueReceiver? Receiver
    {
        get => _extras?.Receiver;
        set => SetExtra(value, static (extras, value) => extras.Receiver = value);
    }

    /// <summary>Gets the number of bytes of the encoded result.</summary>
    protected virtual int GetResultLength(JobOutcome outcome) => outcome.Payload.Length;

    /// <summary>The action at the end of the job; null for none.</summary>
    protected Delegate? EndAction
    {
        get => _extras?.EndAction;
        set => SetExtra(value, static (extras, value) => extras.EndAction = value);
    }

    /// <summary>Adds a remedy to the exception for a result of an unexpected type, if another program submitted the job.</summary>
    protected Exception DescribeUnreadable<T>(Exception exception) => Function is null && exception is InvalidDataException
        ? new InvalidDataException(
            $"The result of {Call} is not of the type {typeof(T)}: attach with the result type of its function. {exception.Message}",
            exception)
        : exception;

    /// <summary>Fails the job and returns the exception, as the result of <see cref="Complete"/>.</summary>
    protected Exception FailWith(Exception exception)
    {
        Fail(exception);
        return exception;
    }

    private static void CompleteAcceptance(Extras extras)
    {
        // In a simulation continuations run at once. They could block the thread, which changes the state of the session now.
        if (SimulatedThread.Current is { } simulation)
            simulation.PostCode(() => extras.Acceptance.Succeed(true));
        else
            extras.Acceptance.Succeed(true);
    }

    private void FailAcceptance(Exception exception)
    {
        if (!_isAccepted)
            GetExtras().Acceptance.Fail(exception);
    }

    private void SetExtra<T>(T? value, Action<Extras, T?> set)
        where T : class
    {
        if (value is not null || _extras is not null)
            set(GetExtras(), value);
    }

    /// <summary>Threads that submit, attach and cancel may create it at the same time.</summary>
    private Extras GetExtras()
    {
        if (_extras is null)
            Interlocked.CompareExchange(ref _extras, new Extras(), null);
        return _extras;
    }

    /// <summary>Properties that most jobs do not have. A program has many unfinished jobs, so their size counts.</summary>
    private sealed class Extras
    {
        /// <summary>A field, because a promise must not be copied.</summary>
        public Promise<bool> Acceptance;

        public CancellationTokenRegistration Cancellation { get; set; }

        public IReadOnlyList<object>? Retained { get; set; }

        public PendingJob? Next { get; set; }

        public JobReports? Reports { get; set; }

        public ValueReceiver? Receiver { get; set; }

        public JobTelemetry? Telemetry { get; set; }

        public IJobObserver? Observer { get; set; }

        public Delegate? EndAction { get; set; }

        /// <summary>Watches for the collection of a job whose failure was not observed.</summary>
        public FailureWatch? Watch { get; set; }
    }
}
