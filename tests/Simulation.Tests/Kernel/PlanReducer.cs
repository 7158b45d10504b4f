using Actors.Testing;

namespace Actors.Simulation.Tests.Kernel;

/// <summary>
/// Removes the steps of a failing plan that its failure does not need: faults first, then operations (delta debugging by Zeller and
/// Hildebrandt). Every candidate is run; a candidate counts if it violates the same invariant.
/// </summary>
internal static class PlanReducer
{
    /// <param name="plan">The failing plan.</param>
    /// <param name="fails">Runs a plan, and returns whether it violates the invariant.</param>
    public static SimulationPlan Reduce(SimulationPlan plan, Predicate<SimulationPlan> fails)
    {
        while (true)
        {
            var before = plan.Steps.Length;
            plan = ReduceSteps(plan, step => step.IsFault, fails);
            plan = ReduceSteps(plan, step => !step.IsFault, fails);
            // Fewer operations may need fewer faults.
            if (plan.Steps.Length == before)
                return plan;
        }
    }

    private static SimulationPlan ReduceSteps(SimulationPlan plan, Predicate<PlannedStep> isCandidate, Predicate<SimulationPlan> fails)
    {
        var candidates = Enumerable.Range(0, plan.Steps.Length).Where(index => isCandidate(plan.Steps[index])).ToList();
        return Keep(ListReducer.Reduce(candidates, kept => fails(Keep(kept)), int.MaxValue));

        SimulationPlan Keep(IReadOnlyList<int> kept) =>
            plan with { Steps = [.. plan.Steps.Where((step, index) => !isCandidate(step) || kept.Contains(index))] };
    }
}
