using System.Globalization;

namespace Actors.Chaos.Load;

/// <summary>Checks that a lock has one holder at a time, and that its fencing tokens grow. Thread-safe.</summary>
/// <param name="violations">Receives the violations.</param>
internal sealed class LockLedger(Violations violations)
{
    private readonly Lock _access = new();
    private readonly Dictionary<int, (int Holders, long Token)> _locks = [];
    private long _holds;

    /// <summary>The number of times that a program held a lock.</summary>
    public long Holds => Interlocked.Read(ref _holds);

    /// <summary>Records that a program holds a lock.</summary>
    /// <param name="number">The number of the lock. A lock that was lost with its coordinator is replaced by a new one.</param>
    /// <param name="token">The fencing token.</param>
    public void RecordAcquired(int number, long token)
    {
        lock (_access)
        {
            var (holders, last) = _locks.GetValueOrDefault(number);
            if (holders > 0)
                violations.Add(string.Create(CultureInfo.InvariantCulture, $"Lock {number} has {holders + 1} holders at once."));
            if (token <= last)
                violations.Add(string.Create(CultureInfo.InvariantCulture, $"Lock {number} gave token {token} after {last}."));
            _locks[number] = (holders + 1, token);
            _holds++;
        }
    }

    /// <summary>Records that a program is about to release a lock.</summary>
    public void RecordReleasing(int number)
    {
        lock (_access)
            _locks[number] = _locks[number] with { Holders = _locks[number].Holders - 1 };
    }
}
