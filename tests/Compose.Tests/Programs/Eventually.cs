namespace Actors.Compose.Tests.Programs;

/// <summary>Waiting for what docker tells nobody of.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    /// <summary>Ends when the condition holds; fails, saying what was waited for, when it does not for so many seconds.</summary>
    public static async Task HoldsAsync(string what, int seconds, Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!await condition())
        {
            Assert.False(timeout.IsCancellationRequested, $"Not after {seconds} s: {what}.");
            await Task.Delay(Between);
        }
    }
}
