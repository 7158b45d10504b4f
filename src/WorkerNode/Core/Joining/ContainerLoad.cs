namespace Actors.WorkerNode.Joining;

/// <summary>
/// Measures the processor load of the container of this process, relative to its limit. A container at its limit has no capacity, even if
/// the machine is idle. The load is 0 without a container.
/// </summary>
/// <param name="folder">The directory of the control group of the container.</param>
/// <param name="clock">The clock.</param>
public sealed class ContainerLoad(string folder, TimeProvider clock)
{
    /// <summary>The shortest time over which the load is measured.</summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(250);

    private (double Used, long At)? _last;
    private double _load;

    /// <returns>The load from 0 to 1.</returns>
    public double MeasureLoad()
    {
        if (ReadUsage() is not { } now)
            return 0;
        var at = clock.GetTimestamp();
        if (_last is { } last)
        {
            var passed = clock.GetElapsedTime(last.At, at);
            if (passed < MinInterval)
                return _load;
            _load = Math.Clamp((now.Used - last.Used) / (passed.TotalSeconds * now.Processors), 0, 1);
        }

        _last = (now.Used, at);
        return _load;
    }

    private ContainerCpu? ReadUsage()
    {
        try
        {
            return ContainerCpu.ParseVersion2(ReadFileText("cpu.max"), ReadFileText("cpu.stat"))
                ?? ContainerCpu.ParseVersion1(
                    ReadFileText("cpu/cpu.cfs_quota_us"), ReadFileText("cpu/cpu.cfs_period_us"), ReadFileText("cpuacct/cpuacct.usage"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads a file; empty if it does not exist. Most machines have the files of one version, or none.</summary>
    private string ReadFileText(string file) => Path.Combine(folder, file) is var path && File.Exists(path) ? File.ReadAllText(path) : "";
}
