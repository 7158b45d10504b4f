using System.Collections.Concurrent;
using System.Diagnostics;
using Actors.Messages;
using Actors.Messages.Functions;

namespace Actors.Testing;

/// <summary>
/// Injects faults into real workers: passes the planned faults of each job to them, and reads those that they have injected.
/// </summary>
internal sealed class ProcessFaults : FaultInjector
{
    private readonly FaultPlan _plan;
    private readonly FaultFiles _files = FaultFiles.CreateDirectory();
    private readonly ConcurrentDictionary<long, string> _functions = new();
    private readonly long _startedAt = Stopwatch.GetTimestamp();

    /// <summary>The time since the start of the pool.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_startedAt);

    /// <param name="plan">The plan.</param>
    public ProcessFaults(FaultPlan plan)
        : base(plan)
    {
        _plan = plan;
        plan.Log.ReadOthers(ReadInjected);
    }

    /// <summary>Returns the options with an initializer that installs the faults in each worker, and then runs the user's.</summary>
    public PoolOptions AddTo(PoolOptions options)
    {
        var inner = options.Initializer?.Call;
        var call = CallEncoder.PrepareCall(
            WorkerFaults.Install, _files.Directory, inner?.Function.Definition.ToArray() ?? [], inner?.Arguments.ToArray() ?? []);
        return options with { Initializer = new PoolInitializer(call with { KeptAlive = inner?.KeptAlive }) };
    }

    /// <inheritdoc/>
    public override void EndRun()
    {
        _plan.Log.KeepOthers();
        _files.Delete();
    }

    /// <inheritdoc/>
    protected override void StoreFaults(JobId job, string function, IReadOnlyList<PlannedFault> faults)
    {
        _functions[job.Value] = function;
        _files.WriteFaults(job.Value, faults);
    }

    /// <inheritdoc/>
    protected override void RemoveFaults(JobId job) => _files.DeleteFaults(job.Value);

    private IEnumerable<InjectedFault> ReadInjected() => _files.ReadInjected().Select(found => new InjectedFault(
        _plan.Rules[found.Rule].Fault, found.Job, _functions[found.Job], found.Attempt, found.ProcessId,
        Stopwatch.GetElapsedTime(_startedAt, found.Timestamp))
    {
        Rule = found.Rule,
    });
}
