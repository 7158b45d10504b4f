using System.Globalization;
using System.Reflection;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Values;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors;

/// <summary>
/// Describes the running job to the code that it runs. Get it with <see cref="Current"/>, or as a parameter of the function: pass
/// <see cref="Placeholder"/> for it, and the worker replaces it by the context of the job. Thread-safe.
/// </summary>
/// <remarks>
/// In a map, the context belongs to the chunk, and <see cref="ItemIndex"/>, <see cref="IdempotencyToken"/> and <see cref="Deadline"/> are
/// those of the running item. Read them before the function returns.
/// </remarks>
/// <example>
/// <code>
/// static async Task PayAsync(Order order) =>
///     await Bank.TransferAsync(order, idempotencyKey: JobContext.Current!.IdempotencyToken);
/// </code>
/// </example>
public sealed class JobContext : ICarried<JobContext>
{
    private const long NoItem = -1;

    /// <summary>Replaces the reporter of log records at the end of the job: a thread that the job has left behind creates none.</summary>
    private static readonly object NoMoreLogs = new();

    private static readonly AsyncLocal<JobContext?> Flow = new();

    private readonly JobId _id;
    private readonly JobDetails _details;
    private readonly JobSite _site;
    private readonly MethodInfo? _method;
    private readonly JobCancellationSource _cancellation;
    private readonly bool _hasTimeout;
    private string? _functionName;
    private ProgressReporter<int>? _progress;
    private IJobScope? _scope;
    private object? _logs;
    private ILogger? _logger;
    private long _item = NoItem;
    private long _begunAt;

    /// <param name="id">The job.</param>
    /// <param name="details">The data about its submission.</param>
    /// <param name="site">The place in which it runs.</param>
    /// <param name="method">The function.</param>
    /// <param name="cancellation">The token of the job.</param>
    internal JobContext(JobId id, JobDetails details, JobSite site, MethodInfo? method, JobCancellationSource cancellation)
    {
        (_id, _details, _site, _method, _cancellation) = (id, details, site, method, cancellation);
        _hasTimeout = details.TimeoutMilliseconds > 0;
        MarkBegin();
    }

    /// <summary>
    /// Gets the job that runs the calling code; null outside of a job. It flows into tasks, timers and threads that the job starts.
    /// </summary>
    public static JobContext? Current => Flow.Value;

    /// <summary>
    /// Gets the value to pass for a parameter of type <see cref="JobContext"/>. The worker replaces it; it describes no job itself.
    /// </summary>
    public static JobContext Placeholder { get; } = new(
        default, JobDetails.None, new JobSite(null, "", TimeProvider.System, static (_, _) => { }), null,
        new JobCancellationSource());

    /// <summary>Gets the number of the job in its pool, as <c>JobHandle.Id</c>. The chunks of a map are jobs.</summary>
    public long Id => _id.Value;

    /// <summary>
    /// Gets the number of this attempt, counted from 1. It grows when the worker of an attempt was lost. A pool that is opened again after
    /// the loss of its coordinator counts from 1 again.
    /// </summary>
    public int Attempt => _details.Attempt;

    /// <summary>
    /// Gets the ends of the earlier attempts, the oldest first: the node and the worker of each, and the reason of its end. Empty in the
    /// first attempt; at most the ten newest. As <see cref="Attempt"/>, it begins again after the loss of a coordinator.
    /// </summary>
    public IReadOnlyList<LostAttempt> History => _details.History;

    /// <summary>Gets the name of the pool: <c>PoolOptions.Name</c>, or the name of the durable pool; null for neither.</summary>
    public string? PoolName => _site.PoolName;

    /// <summary>Gets the name of the worker node: host and process id.</summary>
    public string NodeName => _site.NodeName;

    /// <summary>Gets the name of the function: namespace, type and method.</summary>
    public string FunctionName => _functionName ??= _method is null ? "" : FunctionNames.GetName(_method);

    /// <summary>
    /// Gets the time at which the job, or the chunk of a map, was submitted: to a few milliseconds, by the clock of the client.
    /// </summary>
    public DateTimeOffset SubmittedAt => DateTimeOffset.FromUnixTimeMilliseconds(_details.SubmittedAt);

    /// <summary>
    /// Gets the time at which the worker is killed unless the job has ended: its start and <c>JobOptions.Timeout</c>. With
    /// <see cref="CancellationTriggers.Timeout"/> the job is canceled at this time. Null without a timeout. In a map it applies to the
    /// running item.
    /// </summary>
    public DateTimeOffset? Deadline => !_hasTimeout
        ? null
        : _site.Clock.GetUtcNow() - _site.Clock.GetElapsedTime(Volatile.Read(ref _begunAt))
            + TimeSpan.FromMilliseconds(_details.TimeoutMilliseconds);

    /// <summary>Gets the index of the running item in the mapped sequence, counted from 0. Null for a job that is no map.</summary>
    public long? ItemIndex => Volatile.Read(ref _item) is >= 0 and var item ? item : null;

    /// <summary>
    /// Gets a text that is the same in all attempts of the job, and different for every other job and every other item of a map. Pass it to
    /// services that carry out each token once. At most 80 characters: letters, digits and hyphens.
    /// </summary>
    public string IdempotencyToken
    {
        get
        {
            var job = string.Create(CultureInfo.InvariantCulture, $"{_details.Session:N}-{Id}");
            return ItemIndex is { } item ? string.Create(CultureInfo.InvariantCulture, $"{job}-{item}") : job;
        }
    }

    /// <summary>
    /// Gets the token that is canceled when the client cancels the running job, and at the events of <c>PoolOptions.CancelOn</c>. The
    /// worker is killed unless the job ends within <c>PoolOptions.CancellationGrace</c>. It is the token that a parameter of type
    /// <see cref="System.Threading.CancellationToken"/> receives.
    /// </summary>
    public CancellationToken CancellationToken => _cancellation.Token;

    /// <summary>
    /// Gets the reason of the cancellation, the first one if there are several; null while <see cref="CancellationToken"/> is not canceled.
    /// </summary>
    public JobCancellationReason? CancellationReason => _cancellation.Reason;

    /// <summary>Writes nothing: the worker has its own context.</summary>
    void ICarried<JobContext>.WriteTo(ref ValueWriter writer)
    {
    }

    /// <summary>Gets the context of the job whose values are read.</summary>
    static JobContext ICarried<JobContext>.ReadFrom(ref ValueReader reader) => Current ?? Placeholder;

    /// <summary>Sends the progress of the job; created on first use, while the arguments are read.</summary>
    internal ProgressReporter<int> ProgressReporter => _progress ??= new ProgressReporter<int>(
        _site.Clock, (number, value) => _site.SendProgress(_id, new ProgressValue(number, value)), _site.SendsInline);

    /// <summary>
    /// Gets the logger whose records the client writes to <c>PoolOptions.LoggerFactory</c>, with the function as their category. Without
    /// this option it drops all records. Never waits for the connection. At most 1,000 records a second and 100,000 in an attempt are
    /// sent; the client logs how many were dropped. Each record is sent with the eight innermost of the scopes that the job has begun.
    /// </summary>
    public ILogger Logger => _logger ??= _site.LogsFrom == 0 ? NullLogger.Instance : new JobLogger(FunctionName, this);

    /// <summary>Gets the reporter of log records, created on first use; null when the job has ended, or its records are not sent.</summary>
    internal JobLogReporter? Logs
    {
        get
        {
            var logs = Volatile.Read(ref _logs);
            if (logs is null && _site.LogsFrom > 0)
            {
                var source = new JobLogBatch(Attempt, FunctionName, NodeName, 0, []);
                var created = new JobLogReporter(source, _site.Clock, value => _site.SendProgress(_id, value), _site.SendsInline);
                logs = Interlocked.CompareExchange(ref _logs, created, null) ?? created;
            }

            return logs as JobLogReporter;
        }
    }

    /// <summary>Whether records of a level are sent.</summary>
    internal bool SendsLogs(LogLevel level) => _site.LogsFrom > 0 && (int)level >= _site.LogsFrom - 1;

    /// <summary>Sends the last progress and log records. Call it before the end of the job is reported.</summary>
    internal void EndProgress()
    {
        _progress?.Dispose();
        if (_site.LogsFrom > 0)
            (Interlocked.Exchange(ref _logs, NoMoreLogs) as IDisposable)?.Dispose();
    }

    /// <summary>
    /// Gets the services of the worker in the scope of the job, which is disposed when the function has returned. The chunks of a map are
    /// jobs.
    /// </summary>
    /// <exception cref="InvalidOperationException">The pool was started without <c>PoolOptions.Services</c>.</exception>
    public IServiceProvider Services => (_scope ??= _site.Services?.CreateScope())?.Services
        ?? throw new InvalidOperationException("The workers of this pool have no services. Set PoolOptions.Services when you start it.");

    /// <summary>
    /// Gets the state of the worker, which the factory of <c>PoolOptions.State</c> has created. All jobs of a worker get the same object,
    /// as with a global variable that an initializer of Python sets.
    /// </summary>
    /// <typeparam name="T">The type of the state, or one of its base types or interfaces.</typeparam>
    /// <exception cref="InvalidOperationException">
    /// The pool was started without <c>PoolOptions.State</c>, or the state has another type.
    /// </exception>
    public T GetState<T>()
        where T : notnull => _site.State switch
        {
            T state => state,
            null => throw new InvalidOperationException(
                "The workers of this pool have no state. Set PoolOptions.State when you start it."),
            var other => throw new InvalidOperationException(
                $"The state of this pool's workers is a {TypeNames.GetFullName(other.GetType())} and no "
                + $"{TypeNames.GetFullName(typeof(T))}. Pass the type that the factory of PoolOptions.State returns."),
        };

    /// <summary>Gets a service of the worker.</summary>
    /// <exception cref="InvalidOperationException">The service was not added.</exception>
    internal object GetService(Type type) => Services.GetService(type) ?? throw new InvalidOperationException(
        $"The workers of this pool have no service {TypeNames.GetFullName(type)}. Add it in the function of PoolOptions.Services.");

    /// <summary>Disposes the services of the job. Blocks until that has ended.</summary>
    internal void EndScope()
    {
        var scope = _scope;
        _scope = null;
        scope?.DisposeAsync().AsTask().WaitForResult();
    }

    /// <summary>Makes a context the current one of the calling code, and of all code that it starts; null for none.</summary>
    internal static void SetCurrent(JobContext? context) => Flow.Value = context;

    /// <summary>Records that the function is about to be called for an item of the map, counted from 0.</summary>
    internal void BeginItem(long item)
    {
        Volatile.Write(ref _item, item);
        MarkBegin();
    }

    /// <summary>Starts the time limit of the job or item. Without a limit the clock is not read.</summary>
    private void MarkBegin()
    {
        if (_hasTimeout)
            Volatile.Write(ref _begunAt, _site.Clock.GetTimestamp());
    }
}
