using Actors.Messages;
using Actors.Remoting.Bundles;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Resources;

/// <summary>Stored code makes room in the order of its last use, and a content that anything else needs stays.</summary>
internal sealed class CheckedEviction(SimulatedWorld world) : CheckedState(world)
{
    private const int Contents = 6;

    public override void CallState(int argument)
    {
        var random = new StableRandom(argument);
        var stored = Enumerable.Range(0, 1 + random.Next(4)).Select(index => new StoredBundle(
            new BundleId(UInt128.One, (UInt128)index), random.Next(100) * 10 + index, ChooseContents(random))).ToList();
        var retained = ChooseContents(random).ToList();
        var state = new EvictionState(stored, retained);
        var left = stored.OrderBy(bundle => bundle.LastUsed).ToList();
        while (state.TakeNext() is { } next)
        {
            Require(next == left[0], Invariant.Space, $"The bundle of {next.LastUsed} is removed before that of {left[0].LastUsed}.");
            left.RemoveAt(0);
            // A program uses some of the bundles.
            if (random.Next(3) == 0)
                retained.AddRange(next.Contents);
            else
                CheckRemoved(state.RemoveBundle(next), next, left, retained);
        }

        Require(left.Count == 0, Invariant.Space, $"{left.Count} bundles can never be removed.");
    }

    public override void LosePart(StepKind kind, int argument)
    {
    }

    public override void CheckEnd()
    {
    }

    private void CheckRemoved(IReadOnlyList<BundleId> removed, StoredBundle bundle, List<StoredBundle> left, List<BundleId> retained)
    {
        var expected = bundle.Contents.Except(left.SelectMany(other => other.Contents)).Except(retained).ToHashSet();
        Require(
            removed.Count == expected.Count && expected.SetEquals(removed),
            Invariant.Space, $"{removed.Count} contents are removed with a bundle, not {expected.Count}.");
    }

    private static HashSet<BundleId> ChooseContents(StableRandom random) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => new BundleId(UInt128.Zero, (UInt128)random.Next(Contents)))];
}
