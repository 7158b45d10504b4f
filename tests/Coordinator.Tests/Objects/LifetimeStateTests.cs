using Actors.Coordinator.Objects;
using Actors.Messages;
using CsCheck;

namespace Actors.Coordinator.Tests.Objects;

public sealed class LifetimeStateTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Start = TimeSpan.FromDays(1);
    private static readonly ObjectId[] Ids = [.. Enumerable.Range(1, 5).Select(i => new ObjectId(new Guid(i, 0, 0, new byte[8])))];

    private readonly LifetimeState _state = new(Grace);

    [Fact]
    public void TakeUnwanted_NeverHeld_IsReturnedAfterTheGraceTime()
    {
        _state.AddObject(Ids[0], Start);

        Assert.Empty(_state.TakeUnwanted(Start + Grace - TimeSpan.FromTicks(1)));
        Assert.Equal([Ids[0]], _state.TakeUnwanted(Start + Grace));
    }

    [Fact]
    public void TakeUnwanted_Contained_IsReturnedAGraceTimeAfterItsContainer()
    {
        Make(0, 1);
        _state.AddHolder(Ids[0], new Caller(1), Start);
        _state.AddContained(Ids[0], Ids[1], Start);

        Assert.Empty(_state.TakeUnwanted(Start + Grace));
        _state.RemoveObject(Ids[0], Start + Grace);

        Assert.Equal([Ids[1]], _state.TakeUnwanted(Start + Grace + Grace));
    }

    /// <summary>Each new proxy in an object is charged once.</summary>
    [Fact]
    public void AddContained_HereOrElsewhere_IsNewOnce()
    {
        Make(0, 1);

        Assert.True(_state.AddContained(Ids[0], Ids[1], Start));
        Assert.False(_state.AddContained(Ids[0], Ids[1], Start));
        Assert.True(_state.AddContained(Ids[0], Ids[4], Start));
        Assert.False(_state.AddContained(Ids[0], Ids[4], Start));
        Assert.False(_state.AddContained(Ids[0], Ids[0], Start));
        Assert.False(_state.AddContained(Ids[3], Ids[0], Start));
        Assert.True(_state.IsContained(Ids[0], Ids[4]));
    }

    [Fact]
    public void TakeUnwanted_HeldAgainWithinTheGraceTime_IsNotReturned()
    {
        Make(0);
        _state.AddHolder(Ids[0], new Caller(1), Start);
        _state.RemoveProcess(new Caller(1), Start);
        _state.AddHolder(Ids[0], new Caller(2), Start + Grace / 2);

        Assert.Empty(_state.TakeUnwanted(Start + Grace * 2));
        Assert.Null(_state.NextDeadline);
    }

    /// <summary>Objects that contain each other have no holder and no name any more.</summary>
    [Fact]
    public void TakeUnwanted_CycleWhoseCreatorHasEnded_IsReturned()
    {
        Make(0, 1);
        _state.AddContained(Ids[0], Ids[1], Start);
        _state.AddContained(Ids[1], Ids[0], Start);
        _state.AddName(Ids[0], Start);
        _state.AddName(Ids[1], Start);
        _state.RemoveMaker(Ids[0], Start);
        _state.RemoveMaker(Ids[1], Start);
        Assert.Null(_state.NextDeadline);

        _state.RemoveName(Ids[0], Start);
        _state.RemoveName(Ids[1], Start);

        Assert.Equal(Ids[..2], _state.TakeUnwanted(Start + Grace));
    }

    [Fact]
    public void RemoveObject_HeldByProcesses_ReturnsThem()
    {
        Make(0, 1);
        foreach (var id in Ids[..2])
            _state.AddHolder(id, new Caller(1), Start);
        Assert.True(_state.IsHeld(Ids[0], new Caller(1)));
        Assert.Equal(2, _state.CountHeld(new Caller(1)));

        Assert.Equal([new Caller(1)], _state.RemoveObject(Ids[0], Start));
        Assert.False(_state.HasObject(Ids[0]));
        Assert.Equal(1, _state.CountHeld(new Caller(1)));
    }

    /// <summary>Random schedules, compared with a model that recomputes the use of each object.</summary>
    [Fact]
    public void TakeUnwanted_AfterAnySchedule_EqualsTheModel() =>
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, 4], Gen.Int[0, 4]).Array[0, 100].Sample(steps =>
        {
            var (state, model, now) = (new LifetimeState(Grace), new Model(), Start);
            foreach (var (kind, first, second) in steps)
            {
                now += TimeSpan.FromSeconds(10);
                Step(state, model, kind, first, second, now);
                var unwanted = state.TakeUnwanted(now);
                Assert.Equal(model.Unwanted(now).Order(), unwanted.Select(id => Array.IndexOf(Ids, id)).Order());
                foreach (var id in unwanted)
                {
                    state.RemoveObject(id, now);
                    model.Remove(Array.IndexOf(Ids, id), now);
                }
            }
        }, iter: 2000);

    private void Make(params int[] objects)
    {
        foreach (var i in objects)
            _state.AddObject(Ids[i], Start);
    }

    private static void Step(LifetimeState state, Model model, int kind, int first, int second, TimeSpan now)
    {
        var caller = new Caller(second);
        switch (kind)
        {
            case 0 or 1: state.AddObject(Ids[first], now); model.Make(first, now); break;
            case 2: state.AddHolder(Ids[first], caller, now); model.Change(first, it => it.Holders.Add(second), now); break;
            case 3: state.RemoveHolder(Ids[first], caller, now); model.Change(first, it => it.Holders.Remove(second), now); break;
            case 4: state.AddContained(Ids[first], Ids[second], now); model.Contain(first, second, now); break;
            case 5: state.RemoveProcess(caller, now); model.Die(second, now); break;
            case 6: state.AddName(Ids[first], now); model.Change(first, it => it.Names++, now); break;
            case 7: state.RemoveMaker(Ids[first], now); model.Change(first, it => it.IsOrphan = true, now); break;
            default:
                if (!state.IsNamed(Ids[first]))
                    break;
                state.RemoveName(Ids[first], now);
                model.Change(first, it => it.Names--, now);
                break;
        }
    }

    private sealed class Model
    {
        private readonly Dictionary<int, Entry> _objects = [];

        public IEnumerable<int> Unwanted(TimeSpan now) => _objects.Where(it => it.Value.Since is { } since && now - since >= Grace)
            .Select(it => it.Key);

        public void Make(int id, TimeSpan now)
        {
            _objects.TryAdd(id, new Entry());
            Weigh(now);
        }

        public void Remove(int id, TimeSpan now)
        {
            _objects.Remove(id);
            Weigh(now);
        }

        public void Change(int id, Action<Entry> change, TimeSpan now)
        {
            if (_objects.TryGetValue(id, out var entry))
                change(entry);
            Weigh(now);
        }

        public void Contain(int container, int id, TimeSpan now)
        {
            if (container != id && _objects.TryGetValue(container, out var outer) && _objects.TryGetValue(id, out var inner))
                outer.Contains.Add(inner);
            Weigh(now);
        }

        public void Die(int holder, TimeSpan now)
        {
            foreach (var entry in _objects.Values)
                entry.Holders.Remove(holder);
            Weigh(now);
        }

        private void Weigh(TimeSpan now)
        {
            foreach (var entry in _objects.Values)
            {
                var isContained = _objects.Values.Any(outer => outer.Contains.Contains(entry));
                var isWanted = entry.Holders.Count > 0 || entry.Names > 0 || (isContained && !entry.IsOrphan);
                entry.Since = isWanted ? null : entry.Since ?? now;
            }
        }
    }

    private sealed class Entry
    {
        public HashSet<int> Holders { get; } = [];

        public HashSet<Entry> Contains { get; } = [];

        public int Names { get; set; }

        public bool IsOrphan { get; set; }

        public TimeSpan? Since { get; set; }
    }
}
