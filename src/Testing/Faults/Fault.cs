using System.Globalization;
using Actors.Messages.Jobs;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>A fault that a <see cref="FaultPlan"/> injects into a job. Immutable.</summary>
public sealed partial record Fault
{
    private Fault(FaultKind kind, FaultMoment moment) => (Kind, Moment) = (kind, moment);

    /// <summary>Gets the kind of the fault.</summary>
    public FaultKind Kind { get; }

    /// <summary>Gets the moment of the job at which the fault is injected.</summary>
    public FaultMoment Moment { get; private init; }

    /// <summary>The signal of a kill.</summary>
    internal WorkerSignal Signal { get; init; }

    /// <summary>The exit code of an exit.</summary>
    internal int ExitCode { get; init; }

    /// <summary>The length of a delay or a pause.</summary>
    internal TimeSpan Time { get; init; }

    /// <summary>The exception of a throw.</summary>
    internal FailureInfo? Failure { get; init; }

    /// <summary>Creates a fault that ends the worker by a signal. The pool replaces the worker and retries the job if permitted.</summary>
    /// <param name="moment">
    /// The moment. During the job, the signal comes as soon as the function runs; if it returns earlier, before its result is sent.
    /// </param>
    /// <param name="signal">A signal that ends a process.</param>
    /// <exception cref="ArgumentException">The signal does not end a process.</exception>
    public static Fault Kill(FaultMoment moment = FaultMoment.BeforeJob, WorkerSignal signal = WorkerSignal.Kill) =>
        signal is WorkerSignal.Stop or WorkerSignal.Continue
            ? throw new ArgumentException($"{signal} does not end a worker: use {nameof(Pause)}.", nameof(signal))
            : new Fault(FaultKind.Kill, moment) { Signal = signal };

    /// <summary>Creates a fault in which the worker exits by itself.</summary>
    /// <param name="exitCode">The exit code.</param>
    /// <param name="moment">The moment.</param>
    public static Fault Exit(int exitCode, FaultMoment moment = FaultMoment.BeforeJob) =>
        new(FaultKind.Exit, moment) { ExitCode = exitCode };

    /// <summary>Creates a fault in which the job throws an exception, before the function is called or after it has returned.</summary>
    /// <param name="exception">The exception. The caller receives a copy of it, as of any exception of a job.</param>
    /// <param name="moment"><see cref="FaultMoment.BeforeJob"/> or <see cref="FaultMoment.AfterJob"/>.</param>
    /// <exception cref="ArgumentException">The moment is another.</exception>
    public static Fault Throw(Exception exception, FaultMoment moment = FaultMoment.BeforeJob)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new Fault(FaultKind.Throw, RequireAround(moment)) { Failure = FailureConverter.ToFailure(exception) };
    }

    /// <summary>
    /// Creates a fault in which the job does not end. Only its timeout, a cancellation or the end of the pool ends it; its worker is killed
    /// then.
    /// </summary>
    /// <param name="moment"><see cref="FaultMoment.BeforeJob"/> or <see cref="FaultMoment.AfterJob"/>.</param>
    /// <exception cref="ArgumentException">The moment is another.</exception>
    public static Fault Hang(FaultMoment moment = FaultMoment.BeforeJob) => new(FaultKind.Hang, RequireAround(moment));

    /// <summary>Creates a fault in which the job takes longer.</summary>
    /// <param name="time">The additional time; above 0.</param>
    /// <param name="moment"><see cref="FaultMoment.BeforeJob"/> or <see cref="FaultMoment.AfterJob"/>.</param>
    /// <exception cref="ArgumentException">The moment is another, or the time is not above 0.</exception>
    public static Fault Delay(TimeSpan time, FaultMoment moment = FaultMoment.BeforeJob) =>
        new(FaultKind.Delay, RequireAround(moment)) { Time = RequirePositive(time) };

    /// <summary>Creates a fault that stops the whole worker process for a time. In memory it is the same as a delay.</summary>
    /// <param name="time">The time; above 0.</param>
    /// <param name="moment"><see cref="FaultMoment.BeforeJob"/> or <see cref="FaultMoment.AfterJob"/>.</param>
    /// <exception cref="ArgumentException">The moment is another, or the time is not above 0.</exception>
    public static Fault Pause(TimeSpan time, FaultMoment moment = FaultMoment.BeforeJob) =>
        new(FaultKind.Pause, RequireAround(moment)) { Time = RequirePositive(time) };

    /// <summary>
    /// Creates a fault in which the job exceeds the memory limit of its worker. Real workers need
    /// <see cref="PoolOptions.MaxMemoryPerWorker"/>.
    /// </summary>
    /// <param name="moment"><see cref="FaultMoment.BeforeJob"/> or <see cref="FaultMoment.AfterJob"/>.</param>
    /// <exception cref="ArgumentException">The moment is another.</exception>
    public static Fault ExceedMemory(FaultMoment moment = FaultMoment.BeforeJob) => new(FaultKind.ExceedMemory, RequireAround(moment));

    /// <summary>
    /// Creates a fault in which the job is delivered twice: the function is called twice, and the result of the second call counts. It is
    /// not injected into jobs that may run only once, because the library never delivers these twice.
    /// </summary>
    public static Fault DeliverTwice() => new(FaultKind.DeliverTwice, FaultMoment.BeforeJob);

    /// <summary>
    /// Creates a fault in which the result is lost on its way to the pool. The pool runs the job again, or ends it with
    /// <see cref="WorkerLostException"/> when it may run only once.
    /// </summary>
    public static Fault LoseResult() => new(FaultKind.LoseResult, FaultMoment.AfterJob);

    /// <summary>Returns a text such as <c>Kill with Kill AfterJob</c>.</summary>
    public override string ToString()
    {
        if (IsEnvironment)
            return DescribeEnvironment();
        var details = Kind switch
        {
            FaultKind.Kill => $" with {Signal}",
            FaultKind.Exit => string.Create(CultureInfo.InvariantCulture, $" with code {ExitCode}"),
            FaultKind.Throw => $" {Failure!.TypeName}",
            FaultKind.Delay or FaultKind.Pause => $" for {Time}",
            _ => "",
        };
        return Kind is FaultKind.DeliverTwice or FaultKind.LoseResult ? $"{Kind}" : $"{Kind}{details} {Moment}";
    }

    /// <summary>Creates a fault that another process has described.</summary>
    internal static Fault Restore(FaultKind kind, FaultMoment moment) => new(kind, moment);

    /// <summary>The end of a worker process that this fault causes; null when it causes none.</summary>
    internal int? ExitStatus => Kind switch
    {
        FaultKind.Kill => -ProcessSignals.GetNumber(Signal),
        FaultKind.Exit => ExitCode,
        FaultKind.ExceedMemory => -ProcessSignals.GetNumber(WorkerSignal.Kill),
        _ => null,
    };

    private static FaultMoment RequireAround(FaultMoment moment) => moment is FaultMoment.BeforeJob or FaultMoment.AfterJob
        ? moment
        : throw new ArgumentException(
            $"This fault is not possible at {moment}: use {FaultMoment.BeforeJob} or {FaultMoment.AfterJob}.", nameof(moment));

    private static TimeSpan RequirePositive(TimeSpan time) => time > TimeSpan.Zero
        ? time
        : throw new ArgumentOutOfRangeException(nameof(time), time, "The time must be above 0.");
}
