using System.Globalization;

namespace Actors.Testing;

/// <summary>
/// Runs a test in many simulated worlds. Each seed gives another order of events and other faults. A seed that fails is repeated with fewer
/// and fewer faults, and the exception names those that are needed.
/// </summary>
/// <example>
/// <code>
/// await FaultTest.ForSeedsAsync(1..200, async world =>
/// {
///     await using var pool = world.CreatePool();
///     Receipt[] receipts = await pool.MapAsync(Orders.Charge, orders);
///     Assert.Equal(orders.Length, receipts.Length);
/// });
/// </code>
/// </example>
public static class FaultTest
{
    private const int MaxTrials = 200;

    /// <summary>The longest real time of one world. Only a world that blocks its threads takes so long.</summary>
    private static readonly TimeSpan RealTimeLimit = TimeSpan.FromMinutes(1);

    /// <summary>Runs a test for a range of seeds, or only for the seed that the environment variable <c>ACTORS_SEED</c> names.</summary>
    /// <param name="seeds">The seeds, such as <c>1..200</c>. Both ends count.</param>
    /// <param name="test">The test. It throws to fail; any exception counts.</param>
    /// <param name="faults">
    /// The faults of each world. Default: <see cref="FaultPlan.CreateRandom"/> of the seed. Its own seed is replaced by that of the world.
    /// </param>
    /// <exception cref="FaultTestException">The test failed for a seed.</exception>
    /// <exception cref="ArgumentException">An end of the range is counted from the end.</exception>
    public static Task ForSeedsAsync(Range seeds, Func<SimulatedWorld, Task> test, FaultPlan? faults = null)
    {
        if (seeds.Start.IsFromEnd || seeds.End.IsFromEnd || seeds.End.Value < seeds.Start.Value)
            throw new ArgumentException($"{seeds} is no range of seeds: write for example 1..200.", nameof(seeds));
        return ForSeedsAsync(Enumerable.Range(seeds.Start.Value, seeds.End.Value - seeds.Start.Value + 1), test, faults);
    }

    /// <summary>Runs a test for some seeds.</summary>
    /// <inheritdoc cref="ForSeedsAsync(Range, Func{SimulatedWorld, Task}, FaultPlan?)"/>
    public static async Task ForSeedsAsync(IEnumerable<int> seeds, Func<SimulatedWorld, Task> test, FaultPlan? faults = null)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentNullException.ThrowIfNull(test);
        if (FaultPlan.FindSeed() is { } repeated)
            seeds = [repeated];
        foreach (var seed in seeds)
        {
            var plan = faults?.Copy(seed) ?? FaultPlan.CreateRandom(seed);
            if (await RunWorldAsync(plan, test).ConfigureAwait(false) is { } error)
                throw await CreateFailureAsync(plan, test, error).ConfigureAwait(false);
        }
    }

    private static async Task<FaultTestException> CreateFailureAsync(FaultPlan plan, Func<SimulatedWorld, Task> test, Exception error)
    {
        var shape = FailureShape.Of(error);
        var needed = await ListReducer.ReduceAsync(plan.Log.Started, FailsAsync, MaxTrials).ConfigureAwait(false);
        var last = plan.Limit(needed);
        var repeated = await RunWorldAsync(last, test).ConfigureAwait(false);
        // The faults of the shortest run have other times than the same faults in the first one.
        var shown = IsSame(repeated) ? (repeated!, last.Injected) : (error, plan.Injected);
        return new FaultTestException(plan.Seed, shown.Item1, shown.Item2, plan.Injected.Count);

        async Task<bool> FailsAsync(IReadOnlyList<InjectedFault> rest) =>
            IsSame(await RunWorldAsync(plan.Limit(rest), test).ConfigureAwait(false));

        bool IsSame(Exception? other) => FailureShape.Of(other) == shape;
    }

    private static async Task<Exception?> RunWorldAsync(FaultPlan plan, Func<SimulatedWorld, Task> test)
    {
        var world = new SimulatedWorld(plan);
#pragma warning disable CA1031 // Any exception of the test is its failure.
        try
        {
            await world.RunAsync(test).WaitAsync(RealTimeLimit).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException) when (!world.HasEnded)
        {
            return new TimeoutException(string.Create(
                CultureInfo.InvariantCulture,
                $"The world did not end within {RealTimeLimit.TotalSeconds:0} s of real time. Code in a simulation must not block a "
                + $"thread, except by the members of this library, and must not loop without waiting."));
        }
        catch (Exception exception)
        {
            return exception;
        }
        finally
        {
            world.Stop();
        }
#pragma warning restore CA1031
    }
}
