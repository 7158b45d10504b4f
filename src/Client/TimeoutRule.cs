using System.Runtime.CompilerServices;

namespace Actors.Runtime;

/// <summary>
/// Validates the timeouts of the public API: null, <see cref="Timeout.InfiniteTimeSpan"/> and <see cref="TimeSpan.MaxValue"/> set no limit,
/// zero does not wait, and a positive timeout is at most <see cref="Maximum"/>. Any other value throws.
/// </summary>
internal static class TimeoutRule
{
    /// <summary>The longest timeout: <see cref="int.MaxValue"/> milliseconds (24.8 days), as for the waits of .NET.</summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>Checks a timeout.</summary>
    /// <returns>The timeout; <see cref="Timeout.InfiniteTimeSpan"/> when it sets no limit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative or above <see cref="Maximum"/>.</exception>
    public static TimeSpan RequireValid(TimeSpan? timeout, [CallerArgumentExpression(nameof(timeout))] string name = "")
    {
        if (timeout is not { } limit || limit == Timeout.InfiniteTimeSpan || limit == TimeSpan.MaxValue)
            return Timeout.InfiniteTimeSpan;
        return limit >= TimeSpan.Zero && limit <= Maximum
            ? limit
            : throw new ArgumentOutOfRangeException(
                name, limit, $"A timeout must be from 0 to {Maximum} (24.8 days), or {nameof(Timeout)}.{nameof(Timeout.InfiniteTimeSpan)} "
                    + "for no limit.");
    }

    /// <summary>Checks a timeout and rounds it up to whole milliseconds, so that no positive one becomes zero.</summary>
    /// <returns>The milliseconds; -1 when it sets no limit.</returns>
    public static long ToMilliseconds(TimeSpan? timeout, [CallerArgumentExpression(nameof(timeout))] string name = "") =>
        (long)Math.Ceiling(RequireValid(timeout, name).TotalMilliseconds);

    /// <summary>Converts as <see cref="ToMilliseconds"/> does, for messages where 0 means no limit.</summary>
    /// <returns>The milliseconds, at least 1; 0 when it sets no limit.</returns>
    public static long ToMillisecondsOrZero(TimeSpan? timeout, [CallerArgumentExpression(nameof(timeout))] string name = "") =>
        ToMilliseconds(timeout, name) is var milliseconds and >= 0 ? Math.Max(1, milliseconds) : 0;
}
