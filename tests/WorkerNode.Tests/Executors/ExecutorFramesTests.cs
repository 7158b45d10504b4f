using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.WorkerNode.Executors;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace Actors.WorkerNode.Tests.Executors;

/// <summary><see cref="ExecutorFrames"/>: frames that a job can write at any time.</summary>
public sealed class ExecutorFramesTests : TestKit
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly ProgressFile _progress;
    private readonly ExecutorProgress _worker;
    private readonly ExecutorFrames _frames;

    public ExecutorFramesTests()
    {
        _progress = ProgressFile.CreateFile(_path);
        _worker = ExecutorProgress.OpenFile(_path);
        File.Delete(_path);
        var assigned = new AssignedJobs();
        assigned.AddJobs([new JobSpec(new JobId(1), null!, default, JobPolicy.Once)]);
        _frames = new ExecutorFrames(
            new ReportLog(default), TestActor, TestActor, TestActor, new WorkerReports(assigned, new JobDeadlines()),
            new RunSpans("pool", isOnCluster: true), hasFiles: false, _progress.Receipts, TimeProvider.System);
    }

    [Fact]
    public void ForwardReceipts_ManyReceipts_ForwardsAllOfThem()
    {
        var count = 0;
        while (_worker.Receipts.TryAdd(new ObjectReplyReceived(new ObjectId(Guid.NewGuid()), count)))
            count++;

        while (_frames.ForwardReceipts())
        {
        }

        var received = new List<long>();
        while (received.Count < count)
        {
            if (ExpectMsg<object>() is ObjectReplyReceived receipt)
                received.Add(receipt.Call);
        }

        Assert.Equal(Enumerable.Range(0, count).Select(call => (long)call), received);
        Assert.True(_worker.Receipts.IsEmpty);
    }

    /// <summary>The receiving thread may have a frame when the executor ends, and its file is closed.</summary>
    [Fact]
    public void ProcessFrame_AfterTheEnd_DoesNotReadTheReceipts()
    {
        _worker.Receipts.TryAdd(new ObjectReplyReceived(new ObjectId(Guid.NewGuid()), 1));
        _frames.Dispose();
        _worker.Dispose();
        _progress.Dispose();

        _frames.ProcessFrame(new Frame(FrameKind.ReceiptsPending, default));
        Assert.False(_frames.ForwardReceipts());
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void ProcessFrame_SecondReportOfTheStart_IsRefused()
    {
        _frames.ProcessFrame(new Frame(FrameKind.Ready, default));
        Assert.Throws<InvalidDataException>(() => _frames.ProcessFrame(new Frame(FrameKind.Ready, default)));
    }

    [Fact]
    public void ProcessFrame_HeldJobs_OncePerRequest()
    {
        var held = new Frame(FrameKind.Held, new byte[12]);
        Assert.Throws<InvalidDataException>(() => _frames.ProcessFrame(held));
        _frames.SetAskedPosition(0);
        _frames.SetAskedPosition(0);
        Assert.Throws<InvalidDataException>(() =>
        {
            _frames.ProcessFrame(held);
            _frames.ProcessFrame(held);
        });
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _frames.Dispose();
        _worker.Dispose();
        _progress.Dispose();
    }
}
