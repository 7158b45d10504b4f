using System.Collections.Immutable;

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
        var candidates = plan.Steps.Count(step => isCandidate(step));
        for (var size = Math.Max(1, candidates / 2); candidates > 0; size /= 2)
        {
            for (var start = 0; start < candidates;)
            {
                var smaller = plan with { Steps = RemoveCandidates(plan.Steps, isCandidate, start, size) };
                if (fails(smaller))
                    (plan, candidates) = (smaller, candidates - Math.Min(size, candidates - start));
                else
                    start += size;
            }

            if (size == 1)
                break;
        }

        return plan;
    }

    private static ImmutableArray<PlannedStep> RemoveCandidates(
        ImmutableArray<PlannedStep> steps, Predicate<PlannedStep> isCandidate, int start, int count)
    {
        var index = 0;
        return [.. steps.Where(step => !isCandidate(step) || index++ is var i && (i < start || i >= start + count))];
    }
}
