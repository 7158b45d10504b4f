using System.Globalization;

namespace Actors.WorkerNode.Joining;

/// <summary>Measures the processor load of this machine over a time. The load is 0 if the system does not report it.</summary>
/// <param name="path">The path of the file with the processor times.</param>
/// <param name="container">The load of the container of this process; null without a container.</param>
public sealed class MachineLoad(string path, ContainerLoad? container = null)
{
    /// <summary>The fewest ticks over which the load is measured: a quarter of a second on one processor.</summary>
    private const long MinTicks = 25;

    private const int Idle = 4;
    private const int WaitingForDisk = 5;

    private (long Busy, long All) _last;
    private double _load;

    /// <summary>Creates a measurement of this machine, or of the container of this process if that is busier.</summary>
    public static MachineLoad ForThisMachine() => new("/proc/stat", new ContainerLoad("/sys/fs/cgroup", TimeProvider.System));

    /// <returns>The load from 0 to 1.</returns>
    public double MeasureLoad() => Math.Max(MeasureProcessors(), container?.MeasureLoad() ?? 0);

    private double MeasureProcessors()
    {
        var now = ReadTimes();
        var (busy, all) = (now.Busy - _last.Busy, now.All - _last.All);
        if (all < MinTicks)
            return _load;
        _last = now;
        return _load = Math.Clamp((double)busy / all, 0, 1);
    }

    private (long Busy, long All) ReadTimes()
    {
        try
        {
            using var file = File.OpenText(path);
            // cpu user nice system idle iowait irq softirq steal ...
            var fields = file.ReadLine()?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            if (fields is not ["cpu", _, _, _, _, _, ..])
                return default;
            var times = fields.Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToList();
            var all = times.Sum();
            return (all - times[Idle - 1] - times[WaitingForDisk - 1], all);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return default;
        }
    }
}
