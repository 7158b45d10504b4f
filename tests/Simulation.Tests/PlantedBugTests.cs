using Actors.Simulation.Tests.Kernel;
using Xunit.Abstractions;

namespace Actors.Simulation.Tests;

/// <summary>The simulation can fail: it finds each planted bug, and reduces the schedule that shows it.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    /// <summary>A bug must be found within this number of schedules.</summary>
    private const int MostSchedules = 10_000;

    public static TheoryData<string> Bugs => [.. Enum.GetNames<PlantedBug>().Skip(1)];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Run_WithPlantedBug_FindsIt(string name)
    {
        var bug = Enum.Parse<PlantedBug>(name);
        var failure = Kernel.Simulation.All.Where(simulation => simulation.Finds(bug))
            .Select(simulation => simulation.RunSeeds(1, MostSchedules, bug)).FirstOrDefault(found => found is not null);

        Assert.True(failure is not null, $"{bug} was not found in {MostSchedules} schedules.");
        output.WriteLine($"| `{bug}` | {failure.Invariant} | {failure.Plan.Seed} |");
    }

    [Fact]
    public void Reduce_PlantedBug_LeavesFewSteps()
    {
        var simulation = Kernel.Simulation.Pools;
        var failure = simulation.RunSeeds(1, MostSchedules, PlantedBug.KeepWorkersOfLostNode)!;
        var reduced = simulation.Reduce(failure);

        Assert.Equal(failure.Invariant, reduced.Invariant);
        Assert.InRange(reduced.Plan.Steps.Length, 1, 6);
        Assert.True(reduced.Plan.Faults >= 1);
        Assert.NotEmpty(reduced.Trace);
        Assert.Contains($"ACTORS_SEED={failure.Plan.Seed}", $"{reduced}", StringComparison.Ordinal);
        Assert.Equal(reduced.Message, simulation.RunPlan(reduced.Plan, reduced.Bug, null)!.Message);
    }
}
