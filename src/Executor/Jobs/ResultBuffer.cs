using System.Diagnostics;
using Actors.Executor.Link;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.Executor.Jobs;

/// <summary>
/// Buffers the outcomes of short jobs until no other job waits, the buffer is large enough, or half a millisecond has passed, and sends
/// them together. A large outcome is sent at once, without copying.
/// </summary>
internal sealed class ResultBuffer
{
    private const int FlushBytes = 32 * 1024;
    private const int LargeValue = 64 * 1024;
    private static readonly long MaxDelay = Stopwatch.Frequency / 2000;

    private readonly NodeLink _link;
    private readonly int _largest;
    private readonly Lock _lock = new();
    private readonly FrameWriter _outcomes = new();
    private int _count;
    private long _busy;
    private long _oldest;

    /// <param name="link">The connection to the node.</param>
    /// <param name="largest">The largest result in bytes.</param>
    public ResultBuffer(NodeLink link, int largest = ExecutorProtocol.LargestPayload)
    {
        (_link, _largest) = (link, largest);
        _link.BeforeSend = WriteBuffered;
    }

    /// <summary>Adds the outcome of a job, with the ticks of its beginning and end.</summary>
    public void AddOutcome(long job, JobStatus status, FrameWriter payload, FailureInfo? failure, long began, long ended)
    {
        if (payload.Length > _largest)
        {
            var message = WireLimits.DescribeTooLargeForWorker("The result and its encoding", payload.Length);
            var tooLarge = new PayloadTooLargeException(message);
            (status, failure) = (JobStatus.Refused, FailureConverter.ToFailure(tooLarge));
            payload.ClearFrames();
        }

        if (payload.Length > LargeValue)
        {
            SendLarge(job, status, payload.Written, ended - began);
            return;
        }

        lock (_lock)
        {
            if (_count == 0)
                _oldest = ended;
            WriteOutcome(_outcomes, job, status, failure);
            _outcomes.WriteBytes(payload.Written.Span);
            _count++;
            _busy += ended - began;
        }

        if (_outcomes.Length > FlushBytes || ended - _oldest > MaxDelay)
            _link.FlushHeld();
    }

    /// <summary>Reports a job whose result is in its file, with its run time in ticks.</summary>
    public void AddStoredResult(long job, long busy) => _link.SendFrame(FrameKind.DoneStored, writer =>
    {
        writer.WriteInt64(ToMicroseconds(busy));
        writer.WriteInt64(job);
    });

    private void SendLarge(long job, JobStatus status, ReadOnlyMemory<byte> payload, long busy) => _link.SendFrames(
        writer =>
        {
            var start = writer.Length;
            writer.BeginFrame(FrameKind.Done);
            writer.WriteInt64(ToMicroseconds(busy));
            writer.WriteInt32(1);
            WriteOutcome(writer, job, status, null);
            writer.WriteInt32(payload.Length);
            writer.EndFrame();
            writer.FillInt32(start, writer.Length - start - sizeof(int) + payload.Length);
        },
        payload);

    private void WriteBuffered(FrameWriter writer)
    {
        lock (_lock)
        {
            if (_count == 0)
                return;
            writer.BeginFrame(FrameKind.Done);
            writer.WriteInt64(ToMicroseconds(_busy));
            writer.WriteInt32(_count);
            writer.WriteRaw(_outcomes.Written.Span);
            writer.EndFrame();
            _outcomes.ClearFrames();
            (_count, _busy) = (0, 0);
        }
    }

    private static void WriteOutcome(FrameWriter writer, long job, JobStatus status, FailureInfo? failure)
    {
        writer.WriteInt64(job);
        writer.WriteByte((byte)status);
        writer.WriteFailure(failure);
    }

    private static long ToMicroseconds(long ticks) => ticks * 1_000_000 / Stopwatch.Frequency;
}
