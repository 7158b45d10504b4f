namespace Actors.Compose.Tests.Programs;

/// <summary>Polls for conditions without an event.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until the condition holds. Fails with the description of the condition after the given number of seconds.</summary>
    public static async Task HoldsAsync(string description, int seconds, Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!await condition())
        {
            Assert.False(timeout.IsCancellationRequested, $"The condition did not hold within {seconds} s: {description}.");
            await Task.Delay(Between);
        }
    }
}
