using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>Processes and threads that wait on one condition and report the begin and end of their wait.</summary>
internal sealed class Sleepers(Manager manager)
{
    private readonly List<Task<bool>> _all = [];
    private readonly ManagedSemaphore _asleep = manager.CreateSemaphore(0);

    public ManagedCondition Condition { get; } = manager.CreateCondition();

    public ManagedSemaphore Awake { get; } = manager.CreateSemaphore(0);

    public void Start(ProcessPool pool, int processes, int threads, int milliseconds = 60_000)
    {
        var (condition, asleep, awake) = (Condition, _asleep, Awake);
        for (var i = 0; i < processes; i++)
            _all.Add(pool.ApplyAsync(() => Sleep(condition, asleep, awake, milliseconds)).Task);
        for (var i = 0; i < threads; i++)
            _all.Add(Task.Factory.StartNew(() => Sleep(condition, asleep, awake, milliseconds), TaskCreationOptions.LongRunning));
    }

    /// <summary>Waits until all sleepers wait. The lock is free only after the last one has begun its wait.</summary>
    public async Task AllAsleep(int count)
    {
        for (var i = 0; i < count; i++)
            Assert.True(await _asleep.WaitAsync(Waiting.Guard));
        await (await Condition.AcquireAsync(Waiting.Guard)).DisposeAsync();
    }

    public async Task Notify(int count)
    {
        await using var hold = await Condition.AcquireAsync(Waiting.Guard);
        await Condition.NotifyAsync(count);
    }

    public async Task Woken(int count)
    {
        for (var i = 0; i < count; i++)
            Assert.True(await Awake.WaitAsync(Waiting.Guard));
    }

    public Task<bool[]> Results() => Task.WhenAll(_all).Soon();

    private static bool Sleep(ManagedCondition condition, ManagedSemaphore asleep, ManagedSemaphore awake, int milliseconds)
    {
        using var hold = condition.Acquire();
        asleep.Release();
        var isWoken = condition.Wait(TimeSpan.FromMilliseconds(milliseconds));
        awake.Release();
        return isWoken;
    }
}
