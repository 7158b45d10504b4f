namespace Actors.WorkerNode.Joining;

/// <summary>
/// How busy this process's container is, of what it may use of the processors: a machine that is not busy has nothing for a container that is at its limit.
/// Where there is none it counts as idle.
/// </summary>
/// <param name="folder">Where the system shows the container's control group.</param>
/// <param name="clock">Tells how much time has passed.</param>
internal sealed class ContainerLoad(string folder, TimeProvider clock)
{
    /// <summary>Over less time than this it says little.</summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(250);

    private (double Used, long At)? _last;
    private double _load;

    /// <returns>From 0 to 1.</returns>
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
                ?? ContainerCpu.ParseVersion1(ReadFileText("cpu/cpu.cfs_quota_us"), ReadFileText("cpu/cpu.cfs_period_us"), ReadFileText("cpuacct/cpuacct.usage"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Nothing of a file that is not there: most machines have those of one version, or none.</summary>
    private string ReadFileText(string file) => Path.Combine(folder, file) is var path && File.Exists(path) ? File.ReadAllText(path) : "";
}
