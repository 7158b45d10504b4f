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
            using var node = ProgressFile.CreateFile(path);
            using var executor = ExecutorProgress.OpenFile(path);
            var model = new Queue<ObjectReplyReceived>();
            foreach (var isAdd in adds)
            {
                if (isAdd)
                    Add(executor.Receipts, model);
                else
                    Take(node.Receipts, model);
                Assert.Equal(model.Count == 0, executor.Receipts.IsEmpty);
            }

            Assert.Equal((0L, 0L), (node.LastBegun, node.LastEnded));
            Take(node.Receipts, model);
            File.Delete(path);
        },
        iter: 200);

    /// <summary>User code runs in the process that writes the file.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(ReceiptRing.Capacity + 2)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void TakeReceipts_ImpossibleCounter_IsRefused(long added)
    {
        var path = Path.Combine(_directory.FullName, "counter");
        using var node = ProgressFile.CreateFile(path);
        using var executor = ExecutorProgress.OpenFile(path);
        Assert.True(executor.Receipts.TryAdd(new ObjectReplyReceived(ObjectId.New(), 1)));
        Assert.Single(node.Receipts.TakeReceipts());

        using (var file = OpenAsWorker(path))
            RandomAccess.Write(file.SafeFileHandle, BitConverter.GetBytes(added), ExecutorProgress.FirstReceiptWord * sizeof(long));

        Assert.Throws<InvalidDataException>(node.Receipts.TakeReceipts);
    }

    [Fact]
    public void TakeReceipts_TruncatedFile_IsRefused()
    {
        var path = Path.Combine(_directory.FullName, "truncated");
        using var node = ProgressFile.CreateFile(path);
        using (var executor = ExecutorProgress.OpenFile(path))
            Assert.True(executor.Receipts.TryAdd(new ObjectReplyReceived(ObjectId.New(), 1)));
        Assert.Single(node.Receipts.TakeReceipts());

        using (var file = OpenAsWorker(path))
            file.SetLength(0);

        Assert.Throws<InvalidDataException>(node.Receipts.TakeReceipts);
    }

    [Fact]
    public async Task TryAdd_WhileAnotherThreadTakes_LosesNothing()
    {
        const int Count = 200_000;
        using var node = ProgressFile.CreateFile(Path.Combine(_directory.FullName, "two"));
        using var executor = ExecutorProgress.OpenFile(Path.Combine(_directory.FullName, "two"));
        var target = ObjectId.New();
        var adding = Task.Run(() =>
        {
            for (var call = 1; call <= Count; call++)
                SpinWait.SpinUntil(() => executor.Receipts.TryAdd(new ObjectReplyReceived(target, call)));
        });
        var taken = 0;
        while (taken < Count)
        {
            foreach (var receipt in node.Receipts.TakeReceipts())
                Assert.Equal(new ObjectReplyReceived(target, ++taken), receipt);
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

    private static void Take(ReceiptReader reader, Queue<ObjectReplyReceived> model)
    {
        Assert.Equal(model, reader.TakeReceipts());
        model.Clear();
    }

    private static FileStream OpenAsWorker(string path) =>
        new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
}
