using Actors.Attack.Tests.Fuzzing;
using Xunit.Abstractions;

namespace Actors.Attack.Tests;

/// <summary>Malformed bytes end no process, cause only the documented exception, and use little memory and time.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    /// <summary>The number of inputs for each target. More would exceed 15 seconds on two cores in the quick suite.</summary>
    private const int QuickInputs = 10_000;

    [Theory]
    [InlineData(FuzzTargets.Wire)]
    [InlineData(FuzzTargets.Stored)]
    [InlineData(FrameTargets.Prefix)]
    [InlineData(WorkerTargets.Prefix)]
    [InlineData(NodeTargets.Prefix)]
    [InlineData(PeerTargets.Prefix)]
    [InlineData(ValueTargets.Prefix)]
    public void MalformedBytes_AnyTarget_AreReadOrRefused(string targets)
    {
        var report = FuzzProcess.Run(targets, FuzzProcess.InputsEach(QuickInputs));
        output.WriteLine($"{report with { Faults = [] }}");
        Assert.True(report.Faults.Count == 0, $"Seed {FuzzProcess.Seed}:\n{string.Join("\n\n", report.Faults)}");
        Assert.True(
            report.Refused > report.Inputs / 4,
            $"Only {report.Refused} of {report.Inputs} inputs were refused: they are hardly malformed.");
    }
}
