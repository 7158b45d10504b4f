namespace Actors.Logging;

/// <summary>Writes to standard error. Waits only briefly for a reader that has stopped. Thread-safe.</summary>
internal static class StandardError
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly Lock Writing = new();
    private static Task _last = Task.CompletedTask;

    /// <summary>Writes a line behind the earlier ones; returns when it is written, or after a second.</summary>
    public static Task WriteLineAsync(string line) => RunInOrderAsync(() => Console.Error.WriteLine(line));

    /// <summary>Runs an action that writes behind the earlier ones; returns when it has ended, or after a second.</summary>
    public static async Task RunInOrderAsync(Action write)
    {
        Task written;
        lock (Writing)
            written = _last = _last.ContinueWith(_ => write(), TaskScheduler.Default);
        using var over = new CancellationTokenSource();
        await Task.WhenAny(written, Task.Delay(Patience, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }
}
