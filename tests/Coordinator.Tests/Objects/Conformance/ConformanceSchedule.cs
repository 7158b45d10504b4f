using Actors.Coordinator.Objects;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects.Conformance;

/// <summary>Runs one object through a random schedule of honest callers and a hostile one.</summary>
internal sealed class ConformanceSchedule
{
    private static readonly Caller Hostile = new(0);

    private readonly ObjectKind _kind;
    private readonly int _seed;
    private readonly KindSamples _samples;
    private readonly Random _random;
    private readonly IManagedObjectState _state;
    private readonly ObjectOperation[] _operations;
    private readonly List<ObjectAnswer> _answers = [];
    private readonly Dictionary<(Caller Caller, long Call), ObjectCall> _waiting = [];
    private readonly Caller[] _honest = [new(1), new(2), new(3)];
    private TimeSpan _now = TimeSpan.FromDays(1);
    private int _lastCaller = 3;
    private long _lastCall = 1000;

    public ConformanceSchedule(ObjectKind kind, int seed)
    {
        (_kind, _seed, _samples, _random) = (kind, seed, KindSamples.All[kind], new Random(seed));
        _state = _samples.CreateState(kind);
        _operations = [.. _samples.Operations.Select(sample => sample.Operation)];
    }

    public void Step()
    {
        _now += TimeSpan.FromMilliseconds(_random.Next(3));
        var at = _random.Next(_honest.Length);
        switch (_random.Next(12))
        {
            case 0: _state.ConfirmReceipt(_honest[at], _random.NextInt64(1000, _lastCall + 1)); break;
            case 1: Abandon(_honest[at]); break;
            case 2: EndCaller(at); break;
            case 3: _state.ExpireCalls(_now, _answers); break;
            case 4: _state.AbandonCall(Hostile, HostileCalls.Next(_random, _operations).Call, _now, _answers); break;
            case 5 or 6: _state.HandleCall(Hostile, HostileCalls.Next(_random, _operations), _now, _answers); break;
            default: Ask(_honest[at]); break;
        }

        TakeAnswers();
    }

    /// <summary>Ends all callers and the object. All calls are then answered, and a new caller can use the object before.</summary>
    public void EndAll()
    {
        _now += TimeSpan.FromHours(1);
        _state.ExpireCalls(_now, _answers);
        TakeAnswers();
        Assert.DoesNotContain(_waiting.Values, call => call.TimeoutMilliseconds is >= 0 and < 10 && !WaitsBeyondItsTime(call));
        _state.RemoveCaller(Hostile, _now, _answers);
        TakeAnswers();
        for (var at = 0; at < _honest.Length; at++)
        {
            EndCaller(at);
            TakeAnswers();
        }

        Assert.Empty(_waiting);

        var probe = _samples.Probe.ToCall(++_lastCall, timeout: 0);
        var status = Assert.Single(_state.Ask(_honest[0], probe, _now)).Status;
        Assert.True(_samples.ProbeStatuses.Contains(status), $"{_kind}, seed {_seed}: {status}");

        for (var i = 0; i < 5; i++)
            Ask(_honest[1]);
        _state.EndAllCalls(_answers);
        TakeAnswers();
        Assert.True(_waiting.Count == 0, $"{_kind}, seed {_seed}: {string.Join(", ", _waiting.Values)}");
    }

    private void Ask(Caller caller)
    {
        var sample = _samples.Operations[_random.Next(_samples.Operations.Length)];
        var call = _random.Next(4) == 0
            ? HostileCalls.Next(_random, _operations) with { Call = ++_lastCall }
            : sample.ToCall(++_lastCall, _random.Next(-1, 3));
        if (_random.Next(3) == 0)
            call = call with { Number = _random.Next(-1, 8) };
        _waiting.Add((caller, call.Call), call);
        _state.HandleCall(caller, call, _now, _answers);
    }

    private void Abandon(Caller caller)
    {
        if (_waiting.Keys.FirstOrDefault(key => key.Caller == caller) is { Call: > 0 } key)
            _waiting.Remove(key);
        else
            key = (caller, _random.NextInt64(1000, _lastCall + 1));
        _state.AbandonCall(caller, key.Call, _now, _answers);
    }

    private void EndCaller(int at)
    {
        foreach (var key in _waiting.Keys.Where(key => key.Caller == _honest[at]).ToList())
            _waiting.Remove(key);
        _state.RemoveCaller(_honest[at], _now, _answers);
        _honest[at] = new Caller(++_lastCaller);
    }

    private void TakeAnswers()
    {
        foreach (var (caller, reply) in _answers)
        {
            Assert.False(reply.Payloads.IsDefault);
            if (caller == Hostile)
                continue;
            Assert.True(_waiting.Remove((caller, reply.Call), out var call), $"{_kind}, seed {_seed}: {reply} to nobody");
            RequireReplyOf(call, reply);
        }

        _answers.Clear();
        Assert.DoesNotContain(_waiting.Values, call => call.TimeoutMilliseconds == 0 && !WaitsBeyondItsTime(call));
    }

    /// <summary>A served call, the wait of a serving process, and a wait that acquires its lock again have no limit of time.</summary>
    private static bool WaitsBeyondItsTime(ObjectCall call) =>
        call.Operation is ObjectOperation.Invoke or ObjectOperation.Serve or ObjectOperation.ConditionWait;

    /// <summary>The reply is that of the operation: read as such and written again, it has the same bytes.</summary>
    private void RequireReplyOf(ObjectCall call, ObjectReply reply)
    {
        if (_samples.Find(call.Operation) is not { } sample)
        {
            Assert.Equal(ObjectStatus.NotSupported, reply.Status);
            return;
        }

        var written = sample.Rewrite(reply);
        Assert.True(written is not null, $"{_kind}, seed {_seed}: {reply} is no reply to {sample}.");
        Assert.Equal(reply with { Payloads = [] }, written with { Payloads = [] });
        Assert.Equal(
            reply.Payloads.Select(payload => Convert.ToHexString(payload.Span)),
            written.Payloads.Select(payload => Convert.ToHexString(payload.Span)));
    }
}
