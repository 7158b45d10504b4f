using Actors.Coordinator.Objects;
using Actors.Messages;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Resources;

/// <summary>An object exists while a process, a name or another object refers to it, and for the grace time after that.</summary>
internal sealed class CheckedLifetimes(SimulatedWorld world) : CheckedState(world)
{
    private const int Objects = 5;
    private const int Holders = 3;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly LifetimeState _state = new(Grace);
    private readonly Dictionary<int, References> _objects = [];
    private readonly short[] _generations = new short[Objects];

    public override void CallState(int argument)
    {
        RemoveUnused();
        var (index, other) = (argument / 8 % Objects, argument / 40 % Objects);
        var (id, holder) = (IdOf(index), new Caller(other % Holders));
        var isKnown = _objects.TryGetValue(index, out var references);
        switch (argument % 8)
        {
            case 0 or 1:
                _state.AddObject(id, Now);
                _objects.TryAdd(index, new References(Now));
                break;
            case 2:
                _state.AddHolder(id, holder, Now);
                references?.Holders.Add(holder);
                break;
            case 3:
                _state.RemoveHolder(id, holder, Now);
                references?.Holders.Remove(holder);
                break;
            case 4 when isKnown && _objects.ContainsKey(other):
                var isNew = _state.AddContained(id, IdOf(other), Now);
                Require(
                    isNew == (index != other && references!.Contained.Add(other)),
                    Invariant.Lifetime, $"Object {index} contains object {other}: new is {isNew}.");
                Require(
                    _state.IsContained(id, IdOf(other)) == (index != other), Invariant.Lifetime,
                    $"Object {index} does not contain object {other}.");
                break;
            case 5:
                Require(_state.AddName(id, Now) == isKnown, Invariant.Lifetime, $"Object {index} was named, known is {isKnown}.");
                if (isKnown)
                    references!.Names++;
                break;
            case 6 when references is { Names: > 0 }:
                _state.RemoveName(id, Now);
                references.Names--;
                break;
            case 7 when other == 0: RemoveObject(index); break;
        }

        CompareAll();
    }

    public override void LosePart(StepKind kind, int argument)
    {
        if (kind != StepKind.CrashClient)
            return;
        RemoveUnused();
        var holder = new Caller(argument % Holders);
        _state.RemoveProcess(holder, Now);
        foreach (var references in _objects.Values)
            references.Holders.Remove(holder);
        CompareAll();
    }

    public override void CheckEnd()
    {
        foreach (var (index, references) in _objects)
        {
            for (; references.Names > 0; references.Names--)
                _state.RemoveName(IdOf(index), Now);
        }

        for (var holder = 0; holder < Holders; holder++)
            LosePart(StepKind.CrashClient, holder);
        // Objects that contain each other keep each other.
        for (var index = 0; index < Objects; index++)
            RemoveObject(index);
        Require(_state.NextDeadline is null, Invariant.Lifetime, $"No object exists, and the state waits for the end of one.");
    }

    /// <summary>Removes the objects that the state no longer wants, which the model must not want either.</summary>
    private void RemoveUnused()
    {
        while (true)
        {
            var expected = _objects.Where(entry => entry.Value.UnusedSince + Grace <= Now).Select(entry => IdOf(entry.Key)).ToHashSet();
            var unwanted = _state.TakeUnwanted(Now);
            Require(
                expected.SetEquals(unwanted), Invariant.Lifetime,
                $"The unused objects are {string.Join(' ', expected)}; removed were {string.Join(' ', unwanted)}.");
            if (unwanted.Count == 0)
                return;
            foreach (var index in _objects.Keys.Where(index => unwanted.Contains(IdOf(index))).ToList())
                RemoveObject(index);
        }
    }

    private void RemoveObject(int index)
    {
        _state.RemoveObject(IdOf(index), Now);
        _objects.Remove(index);
        // The id of a removed object is not used again.
        _generations[index]++;
        foreach (var references in _objects.Values)
            references.Contained.Remove(index);
        CompareAll();
    }

    private void CompareAll()
    {
        foreach (var (index, references) in _objects)
        {
            var isUsed = references.Holders.Count + references.Names > 0 || _objects.Values.Any(other => other.Contained.Contains(index));
            references.UnusedSince = isUsed ? null : references.UnusedSince ?? Now;
            Require(_state.IsNamed(IdOf(index)) == references.Names > 0, Invariant.Lifetime, $"Object {index}: {references.Names} names.");
        }

        var next = _objects.Values.Min(references => references.UnusedSince) + Grace;
        Require(_state.NextDeadline == next, Invariant.Lifetime, $"The next end is at {_state.NextDeadline}, not at {next}.");
    }

    private ObjectId IdOf(int index) => new(new Guid(index + 1, _generations[index], 0, new byte[8]));

    private sealed class References(TimeSpan now)
    {
        public HashSet<Caller> Holders { get; } = [];

        public HashSet<int> Contained { get; } = [];

        public int Names { get; set; }

        public TimeSpan? UnusedSince { get; set; } = now;
    }
}
