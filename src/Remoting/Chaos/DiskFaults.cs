namespace Actors.Remoting.Chaos;

/// <summary>The injected faults of the store of this program. Thread-safe.</summary>
public sealed class DiskFaults
{
    private readonly Lock _access = new();
    private TimeSpan _delay;
    private int _failurePercent;
    private Random _random = new(0);

    /// <summary>Makes writes slow or failing, until <see cref="EndFault"/>.</summary>
    /// <param name="delay">The delay of each write.</param>
    /// <param name="failurePercent">The share of writes that fail, in percent.</param>
    /// <param name="seed">Chooses the writes that fail.</param>
    public void BeginFault(TimeSpan delay, int failurePercent, int seed)
    {
        lock (_access)
            (_delay, _failurePercent, _random) = (delay, failurePercent, new Random(seed));
    }

    /// <summary>Ends the fault.</summary>
    public void EndFault() => BeginFault(TimeSpan.Zero, 0, 0);

    /// <summary>Gets the current delay of each request to the store.</summary>
    public TimeSpan GetDelay()
    {
        lock (_access)
            return _delay;
    }

    /// <summary>Throws if the next write fails.</summary>
    /// <exception cref="IOException">The write fails.</exception>
    public void ThrowIfWriteFails()
    {
        lock (_access)
        {
            if (_failurePercent > 0 && _random.Next(100) < _failurePercent)
                throw new IOException("The write failed, because a chaos plan makes the disk fail.");
        }
    }
}
