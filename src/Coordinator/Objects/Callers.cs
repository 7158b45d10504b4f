using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>Numbers the callers of an object for its core, and finds them again.</summary>
internal sealed class Callers
{
    private readonly Dictionary<IActorRef, long> _numbers = [];
    private readonly Dictionary<long, IActorRef> _actors = [];
    private IActorRef? _latest;
    private long _latestNumber;
    private long _lastNumber;

    /// <summary>The caller's number, given on its first call.</summary>
    /// <param name="caller">The actor that stands for the caller's process.</param>
    /// <param name="isNew">Whether it was given now: the caller is to be watched.</param>
    internal long NumberOf(IActorRef caller, out bool isNew)
    {
        isNew = false;
        // One caller often calls many times in a row, and the hash of a reference walks its whole path.
        if (ReferenceEquals(caller, _latest))
            return _latestNumber;
        if (!_numbers.TryGetValue(caller, out long number))
        {
            isNew = true;
            number = ++_lastNumber;
            _numbers.Add(caller, number);
            _actors.Add(number, caller);
        }

        (_latest, _latestNumber) = (caller, number);
        return number;
    }

    /// <summary>The number of a caller that has called before.</summary>
    internal bool TryGetNumber(IActorRef caller, out long number) => _numbers.TryGetValue(caller, out number);

    /// <summary>The caller of this number; false when it is gone.</summary>
    internal bool TryGetActor(long number, [NotNullWhen(true)] out IActorRef? caller)
    {
        if (number == _latestNumber && _latest is not null)
        {
            caller = _latest;
            return true;
        }

        return _actors.TryGetValue(number, out caller);
    }

    /// <summary>Forgets a caller that is gone; false when it never called.</summary>
    internal bool Remove(IActorRef caller, out long number)
    {
        if (!_numbers.Remove(caller, out number))
            return false;
        _actors.Remove(number);
        _latest = null;
        return true;
    }
}
