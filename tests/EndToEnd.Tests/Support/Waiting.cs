namespace Actors.EndToEnd.Tests.Support;

/// <summary>Waits with a time limit: a missing event fails the test instead of blocking it.</summary>
internal static class Waiting
{
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    public static Task Soon(this Task task) => task.WaitAsync(Guard);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Guard);

    public static Task<T> Soon<T>(this JobHandle<T> job) => job.Task.WaitAsync(Guard);

    public static Task Soon(this JobHandle job) => job.Completion.WaitAsync(Guard);

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Guard);

    public static Task Soon(this ValueTask task) => task.AsTask().WaitAsync(Guard);

    /// <summary>Waits for a task to fail and returns its exception, which must be of exactly this type.</summary>
    public static Task<TException> Fails<TException>(this Task task)
        where TException : Exception => Assert.ThrowsAsync<TException>(() => task.Soon());

    public static Task<TException> Fails<TException>(this JobHandle job)
        where TException : Exception => job.Completion.Fails<TException>();

    /// <summary>
    /// Polls a condition. Only for changes without an event, such as the end of a process that is not a child of this one.
    /// </summary>
    public static async Task<bool> Until(Func<bool> condition, TimeSpan atMost)
    {
        for (var since = Environment.TickCount64; Environment.TickCount64 - since < atMost.TotalMilliseconds;)
        {
            if (condition())
                return true;
            await Task.Delay(20);
        }

        return condition();
    }
}
