using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// CPython's <c>_TestBarrier</c> with three parties: two processes and this one. A semaphore replaces the list of Python's tests.
/// </summary>
public sealed class BarrierTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private const int Parties = 3;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    /// <summary><c>test_barrier</c></summary>
    [Fact]
    public Task Barrier_PassedOnce_KeepsPartiesInStep() => Pass(1);

    /// <summary><c>test_barrier_10</c></summary>
    [Fact]
    public Task Barrier_PassedTenTimes_KeepsPartiesInStep() => Pass(10);

    /// <summary><c>test_wait_return</c>. Checks that all positions are distinct; Python's test checks only the first position.</summary>
    [Fact]
    public async Task SignalAndWait_AllParties_ReturnsEachPositionOnce()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await Make(manager);
        Assert.Equal([0, 1, 2], (await Run(barrier, b => b.SignalAndWait())).Order());
    }

    /// <summary><c>test_action</c></summary>
    [Fact]
    public async Task SignalAndWait_WithAnAction_RunsItOnceBeforeTheReturn()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await Make(manager);
        var runs = await manager.CreateSemaphoreAsync(0).Soon();
        Assert.All(await Run(barrier, runs, (b, count) =>
        {
            b.SignalAndWait(null, () => count.Release());
            return count.CurrentCount;
        }), count => Assert.Equal(1, count));
    }

    /// <summary>As in Python, all parties except the one whose action threw get a <c>BrokenBarrierError</c>.</summary>
    [Fact]
    public async Task SignalAndWait_ActionThrows_BreaksTheBarrier()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await Make(manager);
        Assert.Equal([-2, -1, -1], (await Run(barrier, b => WaitAt(b, () => throw new InvalidDataException()))).Order());
        Assert.True(barrier.IsBroken);
    }

    /// <summary><c>test_abort</c></summary>
    [Fact]
    public async Task Abort_OneParty_BreaksTheBarrierForTheOthers()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await Make(manager);
        Assert.Equal([-1, -1, 0], (await Run(barrier, AbortInTheMiddle)).Order());
        Assert.True(barrier.IsBroken);
    }

    /// <summary><c>test_reset</c></summary>
    [Fact]
    public async Task Reset_OneParty_ReleasesTheOthersAndKeepsTheBarrierUsable()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await Make(manager);
        Assert.Equal([-1, -1, 0], (await Run(barrier, ResetInTheMiddle)).Order());
        Assert.False(barrier.IsBroken);
        Assert.Equal(0, barrier.WaitingCount);
    }

    /// <summary><c>test_abort_and_reset</c></summary>
    [Fact]
    public async Task Reset_AfterAnAbort_MakesTheBarrierUsable()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await Make(manager);
        await Run(barrier, AbortInTheMiddle);
        barrier.Reset();
        Assert.Equal([0, 1, 2], (await Run(barrier, b => b.SignalAndWait())).Order());
    }

    /// <summary><c>test_timeout</c>: one party is missing.</summary>
    [Fact]
    public async Task SignalAndWait_PartyIsMissing_BreaksAfterTheTimeout()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await Make(manager);
        var other = warm.Pool.ApplyAsync(b => WaitAt(b), barrier);
        Assert.Throws<BrokenBarrierException>(() => barrier.SignalAndWait(Short));
        Assert.Equal(-1, await other.Soon());
        Assert.True(barrier.IsBroken);
    }

    /// <summary><c>test_default_timeout</c></summary>
    [Fact]
    public async Task SignalAndWait_PartyIsMissing_BreaksAfterTheDefaultTimeout()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await manager.CreateBarrierAsync(Parties, Short).Soon();
        Assert.Equal(-1, await warm.Pool.ApplyAsync(b => WaitAt(b), barrier).Soon());
        await Assert.ThrowsAsync<BrokenBarrierException>(() => barrier.SignalAndWaitAsync());
    }

    /// <summary><c>test_single_thread</c></summary>
    [Fact]
    public async Task SignalAndWait_OneParty_NeverWaits()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await manager.CreateBarrierAsync(1).Soon();
        Assert.Equal(0, barrier.SignalAndWait());
        Assert.Equal(0, await barrier.SignalAndWaitAsync().Soon());
    }

    /// <summary><c>test_thousand</c>, which Python skips for managers, with two hundred rounds.</summary>
    [Fact]
    public Task Barrier_PassedTwoHundredTimes_KeepsPartiesInStep() => Pass(200);

    private async Task Pass(int rounds)
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await Make(manager);
        var came = await manager.CreateSemaphoreAsync(0).Soon();
        var jobs = Enumerable.Range(0, Parties - 1).Select(_ => warm.Pool.ApplyAsync(InStep, barrier, came, rounds).Task).ToList();
        jobs.Add(Task.Factory.StartNew(() => InStep(barrier, came, rounds), TaskCreationOptions.LongRunning));
        Assert.All(await Task.WhenAll(jobs).Soon(), Assert.True);
        Assert.Equal(0, barrier.WaitingCount);
        Assert.False(barrier.IsBroken);
    }

    private static bool InStep(ManagedBarrier barrier, ManagedSemaphore came, int rounds)
    {
        var isInStep = true;
        for (var round = 1; round <= rounds; round++)
        {
            came.Release();
            barrier.SignalAndWait();
            isInStep &= came.CurrentCount == round * barrier.ParticipantCount;
            barrier.SignalAndWait();
        }

        return isInStep;
    }

    private static Task<ManagedBarrier> Make(Manager manager) => manager.CreateBarrierAsync(Parties, Waiting.Guard).Soon();

    private static int AbortInTheMiddle(ManagedBarrier barrier)
    {
        if (barrier.SignalAndWait() != Parties / 2)
            return WaitAt(barrier);
        barrier.Abort();
        return 0;
    }

    private static int ResetInTheMiddle(ManagedBarrier barrier)
    {
        var isMiddle = barrier.SignalAndWait() == Parties / 2;
        if (isMiddle)
        {
            SpinWait.SpinUntil(() => barrier.WaitingCount == Parties - 1, Waiting.Guard);
            barrier.Reset();
        }

        var position = isMiddle ? 0 : WaitAt(barrier);
        barrier.SignalAndWait();
        return position;
    }

    /// <returns>The position of this party, -1 for a broken barrier, or -2 for a failed action.</returns>
    private static int WaitAt(ManagedBarrier barrier, Action? action = null)
    {
        try
        {
            return barrier.SignalAndWait(null, action);
        }
        catch (BrokenBarrierException)
        {
            return -1;
        }
        catch (InvalidDataException)
        {
            return -2;
        }
    }

    private async Task<int[]> Run(ManagedBarrier barrier, Func<ManagedBarrier, int> party)
    {
        var jobs = Enumerable.Range(0, Parties - 1).Select(_ => warm.Pool.ApplyAsync(party, barrier).Task).ToList();
        jobs.Add(Task.Factory.StartNew(() => party(barrier), TaskCreationOptions.LongRunning));
        return await Task.WhenAll(jobs).Soon();
    }

    private async Task<int[]> Run(ManagedBarrier barrier, ManagedSemaphore count, Func<ManagedBarrier, ManagedSemaphore, int> party)
    {
        var jobs = Enumerable.Range(0, Parties - 1).Select(_ => warm.Pool.ApplyAsync(party, barrier, count).Task).ToList();
        jobs.Add(Task.Factory.StartNew(() => party(barrier, count), TaskCreationOptions.LongRunning));
        return await Task.WhenAll(jobs).Soon();
    }
}
