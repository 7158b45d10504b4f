using System.Collections.Immutable;
using Actors.Messages.Nodes;
using Actors.Remoting.Bundles;
using Actors.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Actors;

/// <summary>Options of a <see cref="ProcessPool"/>. Immutable; change a copy with <c>with</c>.</summary>
public sealed record PoolOptions
{
    private const int LongestName = 100;

    /// <summary>
    /// The highest number of attempts of a job when workers are lost; <see cref="JobOptions"/> can override it. At least 1; at 1 no job is
    /// ever started twice. Default: 3.
    /// </summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>
    /// The number of jobs after which a worker is replaced, as Python's <c>maxtasksperchild</c>; a chunk of a map counts as one. At least
    /// 1. Default: null, never.
    /// </summary>
    public int? MaxJobsPerWorker { get; init; }

    /// <summary>
    /// The limit for the resident memory of a worker, in bytes. A worker above it is killed and replaced, and its running job ends with
    /// <see cref="MemoryLimitExceededException"/>. At least 64 MiB. Default: null, no limit.
    /// </summary>
    public long? MaxMemoryPerWorker { get; init; }

    /// <summary>
    /// The resident memory, in bytes, above which a worker is replaced between two jobs: its running job ends normally and its queued jobs
    /// go to other workers, so nothing is lost or run twice. Every worker runs at least one job. Checked every 100 ms; uncollected garbage
    /// counts. At least 64 MiB and less than <see cref="MaxMemoryPerWorker"/>. Default: null, no limit.
    /// </summary>
    public long? RecycleAboveMemory { get; init; }

    /// <summary>
    /// The age at which a worker, busy or idle, is replaced between two jobs as with <see cref="RecycleAboveMemory"/>. From 1 s to 24.8
    /// days, or <see cref="Timeout.InfiniteTimeSpan"/>. Default: null, never.
    /// </summary>
    public TimeSpan? RecycleAfter { get; init; }

    /// <summary>
    /// The function that every worker runs before its first job, as Python's <c>initializer</c>. When it throws, the pool fails with its
    /// exception. Default: null.
    /// </summary>
    public PoolInitializer? Initializer { get; init; }

    /// <summary>
    /// The function that adds the services of every worker, such as a static method <c>Program.ConfigureServices</c>. Each worker calls it
    /// once, builds one service provider at its start, and disposes it at its end. Each job has a scope of its own, which
    /// <see cref="ProcessPool.With{TService}"/> and <see cref="JobContext.Services"/> use. When the function throws, the pool fails with
    /// its exception. A killed worker disposes nothing. Default: null, no services.
    /// </summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>
    /// The function that creates the state of every worker, such as a loaded model: <c>State = StateFactory.Of(LoadModel)</c>. Each worker
    /// calls it once, after the initializer and before its first job, and disposes the state at its orderly end. Jobs get the state with
    /// <see cref="JobContext.GetState{T}"/>. When the function throws, the pool fails with its exception. A killed worker disposes
    /// nothing. Default: null, no state.
    /// </summary>
    public StateFactory? State { get; init; }

    /// <summary>
    /// The environment variables of every worker, added to those of the worker node, or of this program for a pool without a cluster. A
    /// null value removes a variable. Jobs and the programs that they start see them; settings of .NET, such as <c>DOTNET_gcServer</c>, act
    /// in the worker too. At most 1,000 variables with 131,072 characters in total. Pass no secrets: a node and its operators can read
    /// them. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>
    /// The working directory of every worker, an absolute path that exists on each worker node; otherwise the pool fails with
    /// <see cref="PoolFailedException"/>. Default: null, the working directory of the worker node, or of this program for a pool without a
    /// cluster.
    /// </summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// The files of the program, besides its assemblies, that the workers of a cluster get: paths relative to the directory of the program
    /// (<see cref="AppContext.BaseDirectory"/>), with the wildcards <c>*</c> and <c>**</c>. Jobs find them in the same place below their
    /// own base directory. On this machine jobs use the directory of the program itself. A file with other contents makes another build of
    /// the program. At most 4,096 files and 1 GiB, with the assemblies. Each path other than the default must match a file; otherwise the
    /// pool throws <see cref="BundleException"/> when it is opened. Satellite assemblies of other languages always go to
    /// the workers. Default: <c>appsettings*.json</c>.
    /// </summary>
    public IReadOnlyList<string> Files { get; init; } = [BundledFiles.Settings];

    /// <summary>
    /// The time that a canceled job has to end before its worker is killed. From 0 to 24.8 days, or <see cref="Timeout.InfiniteTimeSpan"/>
    /// to let it end by itself. Default: 2 s. See also <see cref="CancelOn"/>.
    /// </summary>
    public TimeSpan CancellationGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The events, besides a request, that cancel a running job: its timeout, the drain of its worker node, and the end of this program.
    /// The job learns the reason from <see cref="JobContext.CancellationReason"/>, and its worker is killed unless it ends within
    /// <see cref="CancellationGrace"/>. Default: <see cref="CancellationTriggers.None"/>. Python's pool has no cancellation.
    /// </summary>
    public CancellationTriggers CancelOn { get; init; }

    /// <summary>
    /// The time that jobs wait while the cluster has no suitable worker node; then the pool fails. From 0 to 24.8 days, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>. Durable pools ignore it and wait without limit. Default: 60 s.
    /// </summary>
    public TimeSpan NodeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The time that a coordinator has to answer when the pool is started, and then to open the pool. Programs that start together with
    /// their cluster need a longer one. When it is over, <see cref="ProcessPool.StartAsync"/> throws
    /// <see cref="CoordinatorUnreachableException"/> or <see cref="CoordinatorLostException"/>. For pools on a cluster. From 0 to 24.8
    /// days, or <see cref="Timeout.InfiniteTimeSpan"/>. Default: 30 s.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = ClientRuntime.ConnectTimeout;

    /// <summary>
    /// The labels that a worker node needs (<c>--label</c>) to run workers of this pool. From 1 to 100 characters each. For pools on a
    /// cluster. While no node has all of them, jobs wait for <see cref="NodeTimeout"/>. Default: none.
    /// </summary>
    public IReadOnlyCollection<string> RequiredLabels { get; init; } = [];

    /// <summary>
    /// The amounts of a node's resources (<c>--resource</c>) that each worker needs, such as <c>["gpu"] = 1</c>: a node runs as many
    /// workers as its resources allow. For pools on a cluster. From 1 to 100 characters in each name; amounts are above 0. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, decimal> ResourcesPerWorker { get; init; } = ImmutableDictionary<string, decimal>.Empty;

    /// <summary>
    /// The capacity for outstanding jobs. While the limit is reached, <c>ApplyAsync</c> blocks the thread, and <c>SubmitAsync</c>,
    /// <c>MapAsync</c> and the other maps wait without one. At least 1. Default: 1,048,576.
    /// </summary>
    public int MaxPendingJobs { get; init; } = 1 << 20;

    /// <summary>
    /// The stream for the standard output of the workers, as unaltered bytes. When a write takes more than 5 s, lines are dropped until it
    /// ends, and a line reports their number. Default: null, this process's standard output.
    /// </summary>
    public Stream? Output { get; init; }

    /// <summary>
    /// The stream for the standard error of the workers, as unaltered bytes. Default: null, this process's standard error.
    /// </summary>
    public Stream? Error { get; init; }

    /// <summary>
    /// The loggers that receive the log records of jobs (<see cref="JobContext.Logger"/>, and the <c>ILogger</c> of a service), with the
    /// job, attempt, function and node in scope. The pool does not dispose them. Default: null, records stay in the worker and are dropped;
    /// a pool of <c>Actors.Hosting</c> uses the loggers of its host.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The least level of the log records that are sent. Default: <see cref="LogLevel.Information"/>.</summary>
    public LogLevel MinLogLevel { get; init; } = LogLevel.Information;

    /// <summary>
    /// The name of the pool in metrics and traces. Pools of one name are counted together. From 1 to 100 characters. Default: null,
    /// <see cref="DurableName"/>, or <c>default</c>.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// The name of a durable pool. From 1 to 200 characters. Accepted jobs of a durable pool survive this program, the coordinator and the
    /// machine, and continue when these are restarted. All programs that open the same name at the same coordinators use the same pool,
    /// also at the same time. In a <see cref="Store"/> on this machine, one program at a time can use it. The jobs of each build of the
    /// program run in workers of their own, with the options of the program of this build that started them. Jobs wait for workers without
    /// the limit of <see cref="NodeTimeout"/>. Default: null, a pool that ends with its client.
    /// </summary>
    public string? DurableName { get; init; }

    /// <summary>
    /// The store of a durable pool on this machine, such as <c>SqliteStore</c> (a file) of the package <c>Actors.Durability</c>. Default:
    /// null, for other pools: the coordinators of a cluster have their own store.
    /// </summary>
    public DurableStore? Store { get; init; }

    /// <summary>
    /// When a durable pool removes the outcome of a job of this program. Until then any program can attach to the job and receives the
    /// outcome again. Other pools ignore it. Default: <see cref="ResultAcknowledgment.WhenReceived"/>.
    /// </summary>
    public ResultAcknowledgment Acknowledgment { get; init; }

    /// <summary>
    /// The time that a durable pool retains the outcome of a job of this program that no client acknowledges. From 0, without an upper
    /// limit, or <see cref="Timeout.InfiniteTimeSpan"/> to retain it forever. Default: 1 day.
    /// </summary>
    public TimeSpan ResultRetention { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// The time that a pool on a cluster tries to reconnect after its coordinator was lost; jobs wait during that time. A durable pool
    /// continues where it was. Any other pool is opened again at another coordinator of <c>connect</c> and resubmits its unfinished jobs; a
    /// job that was sent and must not run twice ends with <see cref="CoordinatorLostException"/>. Without another coordinator, all jobs end
    /// that way at once. When the time is over, every job ends with <see cref="CoordinatorLostException"/>; a durable pool retains its
    /// accepted jobs. From 0 to 24.8 days, or <see cref="Timeout.InfiniteTimeSpan"/>. Default: 60 s.
    /// </summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The labels and resources that a worker needs; null for none.</summary>
    internal NodeTraits? Needs => RequiredLabels.Count + ResourcesPerWorker.Count == 0
        ? null
        : new NodeTraits(
            [.. RequiredLabels.Distinct()],
            [.. ResourcesPerWorker.Select(resource => new ResourceAmount(resource.Key, resource.Value))]);

    /// <summary>The least level of the log records that jobs send, plus 1; 0 if they send none.</summary>
    internal int LogsFrom => LoggerFactory is null || MinLogLevel == LogLevel.None ? 0 : (int)MinLogLevel + 1;

    /// <summary>The grace time; without a limit, the longest time of a timer.</summary>
    internal long CancellationGraceMilliseconds =>
        TimeoutRule.ToMilliseconds(CancellationGrace) is var grace and >= 0 ? grace : int.MaxValue;

    /// <summary>At least 1; 0 retains outcomes forever.</summary>
    internal long ResultRetentionMilliseconds => ResultRetention == Timeout.InfiniteTimeSpan || ResultRetention == TimeSpan.MaxValue
        ? 0
        : Math.Max(1, (long)ResultRetention.TotalMilliseconds);

    internal void Validate()
    {
        if (RequiredLabels.Concat(ResourcesPerWorker.Keys).Any(name => name is not { Length: > 0 and <= LongestName }))
        {
            throw new ArgumentException(
                $"{nameof(RequiredLabels)} and {nameof(ResourcesPerWorker)} need names of 1 to {LongestName} characters.");
        }

        if (ResourcesPerWorker.Any(resource => resource.Value <= 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(ResourcesPerWorker), $"The amounts of {nameof(PoolOptions)}.{nameof(ResourcesPerWorker)} must be above 0.");
        }

        if (Name is { Length: 0 or > LongestName })
        {
            throw new ArgumentException(
                $"{nameof(PoolOptions)}.{nameof(Name)} must have from 1 to {LongestName} characters.", nameof(Name));
        }

        if (DurableName is { Length: 0 or > 200 })
        {
            throw new ArgumentException(
                $"{nameof(PoolOptions)}.{nameof(DurableName)} must have from 1 to 200 characters.", nameof(DurableName));
        }

        Require(
            Enum.IsDefined(Acknowledgment), Acknowledgment, nameof(Acknowledgment), $"a value of {nameof(ResultAcknowledgment)}");
        Require(Enum.IsDefined(MinLogLevel), MinLogLevel, nameof(MinLogLevel), $"a value of {nameof(LogLevel)}");
        Require(
            (CancelOn & ~CancellationTriggers.All) == 0, CancelOn, nameof(CancelOn), $"a combination of {nameof(CancellationTriggers)}");
        // A retention time is not a timer, so it may exceed 24.8 days.
        if (ResultRetention < TimeSpan.Zero && ResultRetention != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(
                nameof(ResultRetention), ResultRetention,
                $"{nameof(PoolOptions)}.{nameof(ResultRetention)} must not be negative, except "
                + $"{nameof(Timeout)}.{nameof(Timeout.InfiniteTimeSpan)}.");
        }

        TimeoutRule.RequireValid(ReconnectFor);
        AtLeast(MaxAttempts, 1, nameof(MaxAttempts));
        AtLeast(MaxJobsPerWorker ?? 1, 1, nameof(MaxJobsPerWorker));
        AtLeast(MaxMemoryPerWorker ?? long.MaxValue, 64L << 20, nameof(MaxMemoryPerWorker));
        AtLeast(RecycleAboveMemory ?? long.MaxValue, 64L << 20, nameof(RecycleAboveMemory));
        AtLeast(MaxPendingJobs, 1, nameof(MaxPendingJobs));
        Require(
            !(RecycleAboveMemory >= MaxMemoryPerWorker), RecycleAboveMemory, nameof(RecycleAboveMemory),
            $"less than {nameof(MaxMemoryPerWorker)}");
        var age = TimeoutRule.RequireValid(RecycleAfter);
        Require(!(age >= TimeSpan.Zero && age < TimeSpan.FromSeconds(1)), age, nameof(RecycleAfter), "at least 1 s");
        Pools.EnvironmentRule.RequireValid(this);
        if (Files.FirstOrDefault(pattern => !BundledFiles.IsValidPattern(pattern)) is { } invalid)
        {
            throw new ArgumentException(
                $"{nameof(PoolOptions)}.{nameof(Files)} has '{invalid}', and its paths must be below the directory of the program. Copy "
                + "the file to the output directory.");
        }

        TimeoutRule.RequireValid(CancellationGrace);
        TimeoutRule.RequireValid(NodeTimeout);
        TimeoutRule.RequireValid(ConnectTimeout);
    }

    private static void AtLeast(long value, long least, string name) => Require(value >= least, value, name, $"at least {least}");

    private static void Require(bool isValid, object? value, string name, string rule)
    {
        if (!isValid)
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(PoolOptions)}.{name} must be {rule}.");
    }
}
