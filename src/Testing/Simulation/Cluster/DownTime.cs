namespace Actors.Testing;

/// <summary>The time until a program runs again. Overlapping faults extend it: the program runs again after the last of them.</summary>
internal struct DownTime
{
    private TimeSpan _end;

    /// <summary>Ends the program for a time from now.</summary>
    /// <returns>Whether it runs again later than without this.</returns>
    public bool Extend(TimeSpan now, TimeSpan time)
    {
        if (now + time <= _end)
            return false;
        _end = now + time;
        return true;
    }

    /// <summary>Whether the program may run again.</summary>
    public readonly bool IsOver(TimeSpan now) => now >= _end;
}
