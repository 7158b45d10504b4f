using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Values;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class JobReportsTests
{
    private readonly PoolCallbacks _callbacks = new(TimeProvider.System);
    private readonly SlowReceiver _receiver = new();

    [Fact]
    public void FromCall_CallWithoutProgress_IsNull() =>
        Assert.Null(JobReports.FromCall(CallEncoder.PrepareCall(static (int _) => { }, 1), _callbacks));

    [Fact]
    public async Task EndAfterValues_SlowReceiver_GetsTheNewestValueBeforeTheEnd()
    {
        var reports = Create();
        reports.AddValue(ValueOf(1));
        await _receiver.Entered.WaitAsync();
        reports.AddValue(ValueOf(2));
        reports.AddValue(ValueOf(3));
        var ended = new TaskCompletionSource();

        reports.EndAfterValues(ended.SetResult);

        Assert.False(ended.Task.IsCompleted);
        Assert.False(_callbacks.Idle.IsCompleted);
        _receiver.MayLeave.Release(2);
        await ended.Task;
        Assert.Equal([1, 3], _receiver.Values);
        await _callbacks.Idle;
    }

    [Fact]
    public void EndAfterValues_NothingReported_EndsAtOnce()
    {
        var hasEnded = false;

        Create().EndAfterValues(() => hasEnded = true);

        Assert.True(hasEnded);
    }

    [Fact]
    public async Task AddValue_UnknownNumberOrMalformed_DoesNotStopTheOthers()
    {
        var reports = Create();
        _receiver.MayLeave.Release(1);
        reports.AddValue(new ProgressValue(7, new byte[] { 1 }));
        reports.AddValue(new ProgressValue(-1, new byte[] { 1 }));
        var first = new TaskCompletionSource();
        reports.AddValue(new ProgressValue(0, new byte[] { 1 }));
        reports.EndAfterValues(first.SetResult);
        await first.Task;

        var second = new TaskCompletionSource();
        reports.AddValue(ValueOf(5));
        reports.EndAfterValues(second.SetResult);
        await second.Task;

        Assert.Equal([5], _receiver.Values);
    }

    private JobReports Create() => JobReports.FromCall(
        CallEncoder.PrepareCall(static (IProgress<int> progress) => progress.Report(1), (IProgress<int>)_receiver), _callbacks)!;

    private static ProgressValue ValueOf(int value) => new(0, ValueSerializer.ToBytes(value));

    private sealed class SlowReceiver : IProgress<int>
    {
        public SemaphoreSlim Entered { get; } = new(0);

        public SemaphoreSlim MayLeave { get; } = new(0);

        public List<int> Values { get; } = [];

        public void Report(int value)
        {
            Values.Add(value);
            Entered.Release();
            MayLeave.Wait();
        }
    }
}
