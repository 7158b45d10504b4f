using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Objects;
using CsCheck;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class ReceiptRingTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("receipts-");
    private int _files;

    public void Dispose() => _directory.Delete(recursive: true);

    /// <summary>The receipts that the executor writes and the node reads form a bounded queue.</summary>
    [Fact]
    public void Ring_AnyOrderOfOperations_IsABoundedQueue() => Gen.Bool.Array[0, 400].Sample(
        adds =>
        {
            var path = Path.Combine(_directory.FullName, Interlocked.Increment(ref _files).ToString());
            using var node = ExecutorProgress.CreateFile(path);
            using var executor = ExecutorProgress.OpenFile(path);
            var model = new Queue<ObjectReplyReceived>();
            foreach (var isAdd in adds)
            {
                if (isAdd)
                    Add(executor.Receipts, model);
                else
                    Take(node.Receipts, model);
                Assert.Equal(model.Count == 0, node.Receipts.IsEmpty);
            }

            Assert.Equal((0L, 0L), (node.LastBegun, node.LastEnded));
            while (model.Count > 0)
                Take(node.Receipts, model);
            File.Delete(path);
        },
        iter: 200);

    /// <summary>User code runs in the process that writes the file.</summary>
    [Theory]
    [InlineData(-1, 0)]
    [InlineData(long.MaxValue, 0)]
    [InlineData(0, 1)]
    [InlineData(-5, -6)]
    [InlineData(long.MinValue, long.MaxValue)]
    public unsafe void TryTake_NumbersThatCannotBe_AreRefused(long added, long taken)
    {
        var words = stackalloc long[100];
        var ring = new ReceiptRing(words, 100);
        (words[0], words[1]) = (added, taken);
        Assert.Throws<InvalidDataException>(() => ring.TryTake(out _));
    }

    [Fact]
    public async Task TryAdd_WhileAnotherThreadTakes_LosesNothing()
    {
        const int Count = 200_000;
        using var node = ExecutorProgress.CreateFile(Path.Combine(_directory.FullName, "two"));
        using var executor = ExecutorProgress.OpenFile(Path.Combine(_directory.FullName, "two"));
        var target = ObjectId.New();
        var adding = Task.Run(() =>
        {
            for (var call = 1; call <= Count; call++)
                SpinWait.SpinUntil(() => executor.Receipts.TryAdd(new ObjectReplyReceived(target, call)));
        });
        for (var call = 1; call <= Count; call++)
        {
            ObjectReplyReceived? receipt = null;
            SpinWait.SpinUntil(() => node.Receipts.TryTake(out receipt));
            Assert.Equal(new ObjectReplyReceived(target, call), receipt);
        }

        await adding;
    }

    private static void Add(ReceiptRing ring, Queue<ObjectReplyReceived> model)
    {
        var receipt = new ObjectReplyReceived(ObjectId.New(), Random.Shared.NextInt64());
        if (ring.TryAdd(receipt))
            model.Enqueue(receipt);
        else
            Assert.True(model.Count >= 100, "there was room");
    }

    private static void Take(ReceiptRing ring, Queue<ObjectReplyReceived> model)
    {
        var isThere = ring.TryTake(out var receipt);
        Assert.Equal(model.TryDequeue(out var expected), isThere);
        if (isThere)
            Assert.Equal(expected, receipt);
    }
}
