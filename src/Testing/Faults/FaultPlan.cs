using System.Collections.Immutable;
using System.Globalization;

namespace Actors.Testing;

/// <summary>
/// The faults that a test pool injects, and the list of those that it has injected. The rules are immutable: <see cref="Add"/> returns a
/// new plan. A plan with the same seed and rules injects the same faults into the same jobs. Each plan serves one pool; <see cref="Copy"/>
/// makes another one. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// var plan = FaultPlan.Create(seed: 7)
///     .Add(FaultTrigger.OnJob(3), Fault.Kill(FaultMoment.AfterJob))
///     .Add(FaultTrigger.Randomly(0.1), Fault.Delay(TimeSpan.FromSeconds(1)));
/// await using var pool = TestPool.Inline(plan: plan);
/// </code>
/// </example>
public sealed partial class FaultPlan
{
    /// <summary>The seed of fault plans that are created without one.</summary>
    public const string SeedVariable = "ACTORS_SEED";

    private readonly FaultLog _log = new();
    private readonly IReadOnlySet<string>? _only;
    private int _isUsed;

    private FaultPlan(int seed, ImmutableArray<FaultRule> rules, IReadOnlySet<string>? only = null) =>
        (Seed, Rules, _only) = (seed, rules, only);

    /// <summary>Gets the seed of the random decisions.</summary>
    public int Seed { get; }

    /// <summary>
    /// Gets the injected faults, in the order of their times. Network faults are listed when they have changed a message, faults of the
    /// store when a write has failed, and the others when they happened.
    /// </summary>
    public IReadOnlyList<InjectedFault> Injected => _log.Faults;

    internal ImmutableArray<FaultRule> Rules { get; }

    internal FaultLog Log => _log;

    /// <summary>Creates a plan without faults.</summary>
    /// <param name="seed">
    /// The seed of the random decisions. Null, the default, takes it from the environment variable <c>ACTORS_SEED</c>, or else chooses one
    /// at random. Failure messages name it.
    /// </param>
    /// <exception cref="FormatException">The environment variable is not a whole number.</exception>
    public static FaultPlan Create(int? seed = null) => new(seed ?? FindSeed() ?? Random.Shared.Next(), []);

    /// <summary>Returns a plan with one more rule.</summary>
    /// <param name="when">The jobs.</param>
    /// <param name="fault">The fault.</param>
    public FaultPlan Add(FaultTrigger when, Fault fault)
    {
        ArgumentNullException.ThrowIfNull(when);
        ArgumentNullException.ThrowIfNull(fault);
        return new FaultPlan(Seed, Rules.Add(new FaultRule(Rules.Length, when, fault)));
    }

    /// <summary>Returns a plan with the same rules, for another pool.</summary>
    /// <param name="seed">The seed; null, the default, keeps it.</param>
    public FaultPlan Copy(int? seed = null) => new(seed ?? Seed, Rules);

    /// <summary>Returns a plan that injects only the given ones of the faults that it would inject.</summary>
    internal FaultPlan Limit(IEnumerable<InjectedFault> faults) =>
        new(Seed, Rules, faults.Select(fault => fault.Occurrence).ToHashSet(StringComparer.Ordinal));

    /// <summary>Whether a fault is to be injected.</summary>
    internal bool Permits(string occurrence) => _only?.Contains(occurrence) ?? true;

    /// <summary>Throws unless every rule has injected its fault at least once.</summary>
    /// <exception cref="PoolAssertionException">A planned fault was not injected. The message lists both kinds.</exception>
    public void AssertAllInjected()
    {
        var injected = Injected.Select(fault => fault.Rule).ToHashSet();
        var missing = Rules.Where(rule => !injected.Contains(rule.Number)).ToList();
        if (missing.Count > 0)
        {
            throw new PoolAssertionException(
                $"Planned faults were not injected:{ToLines(missing.Select(rule => $"{rule.Fault}: {rule.Trigger}"))}\n{Describe()}");
        }
    }

    /// <summary>Returns the seed and the injected faults, one a line.</summary>
    public override string ToString() => Describe();

    /// <summary>The seed and the injected faults, for failure messages.</summary>
    internal string Describe() => Injected is { Count: > 0 } injected
        ? $"{SeedText} Injected faults:{ToLines(injected.Select(fault => fault.ToString()))}"
        : $"{SeedText} No fault was injected.";

    /// <summary>The seed, for failure messages.</summary>
    internal string SeedText => string.Create(CultureInfo.InvariantCulture, $"Seed {Seed} (repeat with {SeedVariable}={Seed}).");

    /// <summary>Marks the plan as used by a pool.</summary>
    /// <exception cref="InvalidOperationException">Another pool uses it.</exception>
    internal void BeginUse()
    {
        if (Interlocked.Exchange(ref _isUsed, 1) != 0)
        {
            throw new InvalidOperationException(
                $"A fault plan serves one pool, because it lists the injected faults: pass plan.{nameof(Copy)}() to the next pool.");
        }
    }

    private static string ToLines(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"\n  {line}"));

    /// <summary>Gets the seed that the environment names; null for none.</summary>
    /// <exception cref="FormatException">The environment variable is not a whole number.</exception>
    internal static int? FindSeed()
    {
        if (Environment.GetEnvironmentVariable(SeedVariable) is not { Length: > 0 } text)
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new FormatException($"The environment variable {SeedVariable} is '{text}', which is not a whole number.");
    }
}
