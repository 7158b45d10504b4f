namespace Actors.Pools;

/// <summary>Writes the messages of this library to standard error. Waits only briefly for a reader that has stopped. Thread-safe.</summary>
internal static class StandardError
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly Lock Writing = new();
    private static Task _last = Task.CompletedTask;

    /// <summary>Writes a line behind the earlier ones; returns when it is written, or after a second.</summary>
    public static async Task WriteLineAsync(string line)
    {
        Task written;
        lock (Writing)
            written = _last = _last.ContinueWith(_ => Console.Error.WriteLine(line), TaskScheduler.Default);
        using var over = new CancellationTokenSource();
        await Task.WhenAny(written, Task.Delay(Patience, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Blocking form of <see cref="WriteLineAsync"/>.</summary>
    public static void WriteLine(string line) => Task.Run(() => WriteLineAsync(line)).GetAwaiter().GetResult();
}
