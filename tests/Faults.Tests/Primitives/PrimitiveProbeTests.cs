namespace Actors.Faults.Tests.Primitives;

/// <summary>A fault that the machine cannot cause is a reason to skip.</summary>
public sealed class PrimitiveProbeTests
{
    [Fact]
    public void Try_ProbeFails_ReturnsAReasonThatNamesTheFault()
    {
        var reason = PrimitiveProbe.Try(Primitive.Clock, () => Command.Run("no-such-program"));

        Assert.StartsWith("Clock: ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void FindMissing_EveryFault_HasAProbe() => Assert.All(
        Enum.GetValues<Primitive>(), primitive => Assert.NotNull(PrimitiveProbe.ActionOf(primitive)));
}
