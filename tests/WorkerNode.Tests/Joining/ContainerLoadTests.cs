using Actors.WorkerNode.Joining;

namespace Actors.WorkerNode.Tests.Joining;

/// <summary>Tests the load of a container, relative to its limit.</summary>
public sealed class ContainerLoadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly PassedTime _clock = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void MeasureLoad_ContainerWithALimit_IsItsShareSinceTheLastCall()
    {
        var load = new ContainerLoad(_folder, _clock);
        Write("cpu.max", "200000 100000");
        Write("cpu.stat", "usage_usec 5000000");
        Assert.Equal(0, load.MeasureLoad());

        Pass(1, "usage_usec 6500000");
        Assert.Equal(0.75, load.MeasureLoad(), 3);
        // The interval is too short for a new measurement.
        Pass(0.1, "usage_usec 6500000");
        Assert.Equal(0.75, load.MeasureLoad(), 3);
        Pass(1, "usage_usec 6500000");
        Assert.Equal(0, load.MeasureLoad());

        // An idle machine does not help a container at its limit.
        Pass(1, "usage_usec 9000000");
        Assert.Equal(1, new MachineLoad("/nowhere", load).MeasureLoad());
    }

    [Fact]
    public void MeasureLoad_ControlGroupVersion1_IsItsShare()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "cpu"));
        Directory.CreateDirectory(Path.Combine(_folder, "cpuacct"));
        Write("cpu/cpu.cfs_quota_us", "50000");
        Write("cpu/cpu.cfs_period_us", "100000");
        Write("cpuacct/cpuacct.usage", "1000000000");
        var load = new ContainerLoad(_folder, _clock);
        load.MeasureLoad();

        _clock.Passed += TimeSpan.FromSeconds(1);
        Write("cpuacct/cpuacct.usage", "1250000000");

        Assert.Equal(0.5, load.MeasureLoad(), 3);
    }

    [Fact]
    public void MeasureLoad_WithoutALimit_IsZero() => Assert.Equal(0, new ContainerLoad(_folder, _clock).MeasureLoad());

    private void Pass(double seconds, string stat)
    {
        _clock.Passed += TimeSpan.FromSeconds(seconds);
        Write("cpu.stat", stat);
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text + "\n");

    private sealed class PassedTime : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
