using Actors.Pools;
using Actors.Telemetry;

namespace Actors.Client.Tests.Telemetry;

/// <summary>The checks for listeners that every call makes.</summary>
public sealed class PoolInstrumentsTests
{
    [Fact]
    public void ObserveJobs_EachCall_AllocatesNothing()
    {
        var job = new PendingCall<int>();
        CheckOften(job, 10);
        var before = GC.GetAllocatedBytesForCurrentThread();

        CheckOften(job, 10_000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static int CheckOften(PendingCall<int> job, int times)
    {
        var observed = 0;
        for (var i = 0; i < times; i++)
            observed += PoolInstruments.ObserveJobs || job.Telemetry is not null ? 1 : 0;
        return observed;
    }
}
