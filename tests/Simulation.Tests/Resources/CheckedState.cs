using System.Runtime.CompilerServices;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Resources;

/// <summary>A real state class beside a plain model of its promises.</summary>
internal abstract class CheckedState(SimulatedWorld world)
{
    protected TimeSpan Now => world.Now;

    /// <summary>Carries out an operation, on the state and on the model, and compares them.</summary>
    public abstract void CallState(int argument);

    /// <summary>A client, node or coordinator is lost.</summary>
    public abstract void LosePart(StepKind kind, int argument);

    /// <summary>Ends all users of the state, and requires that it contains nothing any more.</summary>
    public abstract void CheckEnd();

    /// <summary>Throws if a promise does not hold.</summary>
    protected void Require(bool condition, Invariant invariant, [InterpolatedStringHandlerArgument(nameof(condition))] RequirementText text)
    {
        if (!condition)
            throw new InvariantViolatedException(invariant, text.TakeText());
    }
}
