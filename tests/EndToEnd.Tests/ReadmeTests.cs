namespace Actors.EndToEnd.Tests;

/// <summary>The first example of the README, as it stands there.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task Example_Runs()
    {
        await using var pool = await ProcessPool.StartAsync(processes: 3);

        int[] squares = await pool.MapAsync(x => x * x, Enumerable.Range(0, 100));   // map
        int length = await pool.ApplyAsync(text => text.Length, "hello");            // apply_async, awaited

        try
        {
            await pool.ApplyAsync(() => Environment.FailFast("this process is done for"));
        }
        catch (WorkerLostException lost)
        {
            Console.WriteLine($"started {lost.Attempts} times: {lost.Message}");    // the pool lives on
        }

        await pool.CompleteAsync();                                                  // close, join

        Assert.Equal(Enumerable.Range(0, 100).Select(x => x * x), squares);
        Assert.Equal(5, length);
    }
}
