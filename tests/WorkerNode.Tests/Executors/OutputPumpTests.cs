using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class OutputPumpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A client that acknowledged blocks in advance got them without end, and did not need to read them.</summary>
    [Fact]
    public async Task AcknowledgeBlock_MoreOftenThanBlocks_FreesOneBlockOnly()
    {
        using var output = new EndlessOutput(stopAt: 3);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = 0;
        OutputPump? pump = null;
        using var created = new ManualResetEventSlim();
        pump = new OutputPump(output, OnBlock, ended.SetResult);
        created.Set();
        void OnBlock(ReadOnlyMemory<byte> block)
        {
            created.Wait(Patience);
            if (++sent > 1)
                return;
            for (var more = 0; more < 100; more++)
                pump!.AcknowledgeBlock();
        }

        await output.Reached.WaitAsync(Patience);
        pump.Dispose();
        await ended.Task.WaitAsync(Patience);

        Assert.Equal(2, sent);
    }

    /// <summary>A stream without end, which signals the last of a number of reads.</summary>
    private sealed class EndlessOutput(int stopAt) : MemoryStream
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _reads;

        public Task Reached => _reached.Task;

        public override int Read(byte[] buffer, int offset, int count)
        {
            Array.Fill(buffer, (byte)'x', offset, count);
            if (++_reads == stopAt)
                _reached.SetResult();
            return count;
        }
    }
}
