using Actors.Messages.Chaos;
using Akka.Actor;

namespace Actors.Remoting.Chaos;

/// <summary>Injects faults into this program: its process, its connections and its store.</summary>
/// <param name="setup">The faults of the actor system; null if the program does not permit them.</param>
/// <param name="scheduler">Ends the faults.</param>
/// <param name="name">The program, for messages.</param>
/// <param name="hasStore">Whether the program writes to a store.</param>
public sealed class ProgramFaults(ChaosSetup? setup, IActionScheduler scheduler, string name, bool hasStore)
{
    /// <summary>The time in which the answer leaves the process before the fault stops it.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(100);

    private int _partition;
    private int _slowness;

    /// <summary>Describes why a fault is refused; null if it can be injected.</summary>
    public string? FindRefusal(ChaosFault fault)
    {
        if (setup is null)
            return $"{name} does not permit chaos. Restart it with {ChaosSetup.AllowOption}.";
        if (fault.Kind is ChaosFaultKind.KillProcess or ChaosFaultKind.PauseProcess or ChaosFaultKind.StopProcess
            && ChaosSignals.FindObstacle() is { } obstacle)
            return $"{name} cannot be stopped or killed: {obstacle}";
        if (fault.Kind == ChaosFaultKind.SlowDisk && !hasStore)
            return $"{name} has no store, so its disk cannot be slow. Start it with --store or --postgres-file.";
        return fault.PeerAddresses.FirstOrDefault(address => !HostPort.TryParse(address, out _)) is { } wrong
            ? $"{name} cannot be separated from '{wrong}': it is not HOST:PORT."
            : null;
    }

    /// <summary>Injects a fault that <see cref="FindRefusal"/> does not refuse.</summary>
    /// <returns>A description.</returns>
    public string InjectFault(ChaosFault fault)
    {
        var duration = TimeSpan.FromMilliseconds(fault.Milliseconds);
        switch (fault.Kind)
        {
            case ChaosFaultKind.KillProcess:
                scheduler.ScheduleOnce(AnswerTime, () => ChaosSignals.Kill(Environment.ProcessId));
                break;
            case ChaosFaultKind.StopProcess:
                scheduler.ScheduleOnce(AnswerTime, () => ChaosSignals.Terminate(Environment.ProcessId));
                break;
            case ChaosFaultKind.PauseProcess:
                scheduler.ScheduleOnce(AnswerTime, () => ChaosSignals.StopSelf(duration));
                break;
            case ChaosFaultKind.Partition:
                BeginPartition(fault, duration);
                break;
            case ChaosFaultKind.SlowDisk:
                BeginSlowDisk(fault, duration);
                break;
        }

        return $"{name}, process {Environment.ProcessId}";
    }

    private void BeginPartition(ChaosFault fault, TimeSpan duration)
    {
        var addresses = fault.PeerAddresses.Select(address => HostPort.TryParse(address, out var parsed) ? parsed : null);
        var cut = new LinkCut(fault.Peers, [.. addresses.OfType<HostPort>()], fault.Direction, fault.DiscardsMessages);
        var number = Interlocked.Increment(ref _partition);
        var flap = TimeSpan.FromMilliseconds(fault.FlapMilliseconds);
        scheduler.ScheduleOnce(AnswerTime, () => ApplyPartition(new Partition(number, cut, flap, duration), isCut: true));
    }

    /// <summary>Applies a partition, and schedules its next change. A later partition replaces an earlier one.</summary>
    private void ApplyPartition(Partition partition, bool isCut)
    {
        if (partition.Number != Volatile.Read(ref _partition))
            return;
        setup!.Links.SetCut(isCut && partition.Left > TimeSpan.Zero ? partition.Cut : null);
        if (partition.Left <= TimeSpan.Zero)
            return;
        var step = partition.Flap > TimeSpan.Zero && partition.Flap < partition.Left ? partition.Flap : partition.Left;
        scheduler.ScheduleOnce(step, () => ApplyPartition(partition with { Left = partition.Left - step }, !isCut));
    }

    private void BeginSlowDisk(ChaosFault fault, TimeSpan duration)
    {
        setup!.Disk.BeginFault(TimeSpan.FromMilliseconds(fault.DelayMilliseconds), fault.FailurePercent, fault.Choice.GetHashCode());
        var number = Interlocked.Increment(ref _slowness);
        scheduler.ScheduleOnce(duration, () =>
        {
            if (number == Volatile.Read(ref _slowness))
                setup.Disk.EndFault();
        });
    }

    private sealed record Partition(int Number, LinkCut Cut, TimeSpan Flap, TimeSpan Left);
}
