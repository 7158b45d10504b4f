using Actors.Soak.Tests.Support;
using Xunit.Abstractions;

namespace Actors.Soak.Tests;

/// <summary>Disposed local pools and managers leave no resources.</summary>
[Collection(SoakGroup.Name)]
public sealed class LocalTests(Files files, ITestOutputHelper output)
{
    [SoakFact]
    public Task Pool_StartedAndDisposedRepeatedly_LeaksNothing() => RunAsync(UsePoolAsync);

    [SoakFact]
    public Task Manager_StartedAndDisposedRepeatedly_LeaksNothing() => RunAsync(UseManagerAsync);

    [SoakFact]
    public Task ManagedArray_ManagersAreDisposed_LeaksNothing() => RunAsync(UseArrayAsync);

    private static async Task UsePoolAsync()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        Assert.Equal(42, await pool.ApplyAsync(Twice, 21));
    }

    private static async Task UseManagerAsync()
    {
        await using var manager = await Manager.StartAsync();
        var queue = await manager.CreateQueueAsync<int>();
        await queue.PutAsync(1);
        Assert.Equal(1, await queue.GetAsync());
        var names = await manager.CreateDictionaryAsync<string, int>();
        await names.SetAsync("one", 1);
        var mutex = await manager.CreateLockAsync();
        using (mutex.Acquire())
        {
        }
    }

    private static async Task UseArrayAsync()
    {
        await using var manager = await Manager.StartAsync();
        var numbers = await manager.CreateArrayAsync<long>(100_000);
        numbers[99_999] = 7;
        Assert.Equal(7, numbers[99_999]);
    }

    private static int Twice(int number) => 2 * number;

    private Task RunAsync(Func<Task> round) => Repetition.RunAsync(round, Resources.OfThisProcess, files.Find, output);
}
