namespace Actors.Remoting.Transport;

/// <summary>
/// The numbers of the messages of death watch that a program has sent. The framework delivers these in their order. For each message it
/// stores all missing numbers before it, and keeps the message until these arrive, so a number far ahead would fill the memory. A
/// connection keeps the order, so an honest program has at most a gap that a cut connection left. Thread-safe.
/// </summary>
public sealed class NumberedMessages
{
    /// <summary>How far a number may be ahead of the first missing one.</summary>
    public const int Window = 64;

    private readonly Lock _access = new();
    private ulong _missing;
    private ulong _received;

    /// <summary>Adds a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="isRepeated">Whether the number was added before. The framework ignores such a message.</param>
    /// <returns>False for a number that is too far ahead.</returns>
    public bool TryAdd(ulong number, out bool isRepeated)
    {
        lock (_access)
        {
            isRepeated = number < _missing;
            if (isRepeated)
                return true;
            if (number - _missing >= Window)
                return false;
            var bit = 1UL << (int)(number - _missing);
            isRepeated = (_received & bit) != 0;
            _received |= bit;
            for (; (_received & 1) != 0; _received >>= 1)
                _missing++;
            return true;
        }
    }
}
