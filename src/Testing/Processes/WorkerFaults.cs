using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Actors.Executor.Functions;
using Actors.Executor.Jobs;
using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>Injects the planned faults into the jobs of a real worker, which is this process.</summary>
/// <param name="files">The planned faults.</param>
internal sealed class WorkerFaults(FaultFiles files) : IJobHook
{
    private const int MemoryStep = 16 << 20;

    private IReadOnlyList<PlannedFault> _planned = [];
    private int _attempt;
    private long _job;
    private Thread? _during;

    /// <summary>Installs the faults. Runs in each worker, as the initializer of the pool.</summary>
    /// <param name="directory">The directory of the planned faults.</param>
    /// <param name="initializer">The definition of the initializer that runs next; empty for none.</param>
    /// <param name="arguments">The encoded arguments of that initializer.</param>
    public static void Install(string directory, byte[] initializer, byte[] arguments)
    {
        IJobHook.Current = new WorkerFaults(new FaultFiles(directory));
        if (initializer.Length > 0)
        {
            var invoker = FunctionInvoker.CreateInvoker(FunctionDefinition.FromBytes(initializer));
            invoker.Invoke(arguments, CancellationToken.None, new ArrayBufferWriter<byte>());
        }
    }

    /// <inheritdoc/>
    public bool BeforeCall(long job)
    {
        _planned = files.ReadFaults(job);
        if (_planned.Count == 0)
            return false;
        (_attempt, _job) = (files.CountStart(job), job);
        var isDeliveredTwice = InjectFaults(FaultMoment.BeforeJob);
        if (_planned.Any(planned => planned.Fault.Moment == FaultMoment.DuringJob && planned.Attempts.Contains(_attempt)))
        {
            _during = new Thread(() => InjectFaults(FaultMoment.DuringJob)) { IsBackground = true };
            _during.Start();
        }

        return isDeliveredTwice;
    }

    /// <inheritdoc/>
    public void AfterCall(long job)
    {
        // The function may have returned before the thread has begun.
        _during?.Join();
        _during = null;
        InjectFaults(FaultMoment.AfterJob);
    }

    /// <inheritdoc/>
    public bool LosesResult(long job) =>
        _planned.Any(planned => planned.Fault.Kind == FaultKind.LoseResult && planned.Attempts.Contains(_attempt));

    /// <inheritdoc/>
    public void AfterResult(long job, Action send)
    {
        if (_planned.All(planned => planned.Fault.Moment != FaultMoment.AfterResult))
            return;
        send();
        InjectFaults(FaultMoment.AfterResult);
    }

    /// <returns>Whether the function is to be called twice.</returns>
    private bool InjectFaults(FaultMoment moment)
    {
        var isDeliveredTwice = false;
        foreach (var (rule, fault, attempts) in _planned)
        {
            if (fault.Moment != moment || !attempts.Contains(_attempt))
                continue;
            files.RecordInjected(rule, _job, _attempt, Environment.ProcessId, Stopwatch.GetTimestamp());
            isDeliveredTwice |= fault.Kind == FaultKind.DeliverTwice;
            InjectFault(fault);
        }

        return isDeliveredTwice;
    }

    private static void InjectFault(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                ProcessSignals.SendSignal(Environment.ProcessId, fault.Signal);
                Thread.Sleep(Timeout.Infinite);
                break;
            case FaultKind.Exit: Environment.Exit(fault.ExitCode); break;
            case FaultKind.Throw: throw new InjectedFailureException(fault.Failure!);
            case FaultKind.Hang: Thread.Sleep(Timeout.Infinite); break;
            case FaultKind.Delay: Thread.Sleep(fault.Time); break;
            case FaultKind.Pause: PauseProcess(fault.Time); break;
            case FaultKind.ExceedMemory: ExceedMemory(); break;
        }
    }

    /// <summary>Stops this process. A child process continues it, because a stopped process cannot do that.</summary>
    private static void PauseProcess(TimeSpan time)
    {
        var seconds = time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        using var shell = Process.Start("/bin/sh", ["-c", $"kill -STOP $PPID; sleep {seconds}; kill -CONT $PPID"]);
        shell.WaitForExit();
    }

    /// <summary>Allocates until the limit of the pool ends this process.</summary>
    private static void ExceedMemory()
    {
        List<byte[]> blocks = [];
        while (true)
        {
            var block = GC.AllocateUninitializedArray<byte>(MemoryStep);
            Array.Fill(block, (byte)1);
            blocks.Add(block);
        }
    }
}
