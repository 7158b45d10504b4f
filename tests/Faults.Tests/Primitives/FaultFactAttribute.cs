namespace Actors.Faults.Tests.Primitives;

/// <summary>
/// A test that causes faults of the system. It runs in <c>scripts/soak faults</c>. On a machine that cannot cause one of its faults it is
/// skipped, and the reason names the fault.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FaultFactAttribute : FactAttribute
{
    /// <summary>The longest time of such a test.</summary>
    private const int Milliseconds = 6 * 60_000;

    public FaultFactAttribute(params Primitive[] primitives)
    {
        Timeout = Milliseconds;
        Skip = LongTests.Skip ?? primitives.Select(PrimitiveProbe.FindMissing).FirstOrDefault(reason => reason is not null);
        Primitives = primitives;
    }

    /// <summary>Gets the faults that the test causes.</summary>
    public Primitive[] Primitives { get; }
}
