using System.Buffers.Binary;
using System.Net.Sockets;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class FrameTests : IDisposable
{
    private static readonly FailureInfo Failure =
        new("T", "A", "m é", "stack", [new("k", "v")], new FailureInfo("I", "", "", null, [], null));

    private readonly SocketPair _sockets = new();
    private readonly FrameWriter _writer = new();

    public void Dispose() => _sockets.Dispose();

    [Fact]
    public void Frames_AllTypesWritten_AreRead()
    {
        var guid = Guid.NewGuid();
        WriteAll(guid);
        _writer.BeginFrame(FrameKind.Stop);
        _writer.EndFrame();
        Send(_writer.Written.Span);
        var frames = new FrameStream(new ExecutorSocket(_sockets.Far));

        Assert.True(frames.TryRead(out var frame));
        Assert.Equal(FrameKind.Done, frame.Kind);
        var reader = frame.CreateReader();
        Assert.Equal((1, -2, -3L, guid), (reader.ReadByte(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadGuid()));
        Assert.Equal([1, 2], reader.ReadBytes().ToArray());
        Assert.Equal(("é", null, ""), (reader.ReadString(), reader.ReadString(), reader.ReadString()));
        var failure = reader.ReadFailure()!;
        Assert.Equal(("T", "m é", "stack", "I"), (failure.TypeName, failure.Message, failure.StackTrace, failure.Inner!.TypeName));
        Assert.Equal(new KeyValuePair<string, string>("k", "v"), Assert.Single(failure.Data));
        Assert.Null(reader.ReadFailure());
        Assert.True(reader.IsAtEnd);

        Assert.True(frames.TryRead(out frame));
        Assert.Equal((FrameKind.Stop, 0), (frame.Kind, frame.Body.Length));
        Assert.False(frames.TryRead(out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Frames_AnySplitOfTheBytes_GivesTheSameFrames(int piece)
    {
        for (var i = 0; i < 20; i++)
            WriteAll(Guid.Empty);
        var bytes = _writer.Written.ToArray();
        var sending = new Thread(() =>
        {
            foreach (var part in bytes.Chunk(piece))
                _sockets.Near.Send(part);
            _sockets.Near.Shutdown(SocketShutdown.Send);
        });
        sending.Start();
        var frames = new FrameStream(new ExecutorSocket(_sockets.Far));
        var count = 0;
        while (frames.TryRead(out var frame))
        {
            Assert.Equal(bytes.Length / 20, frame.Body.Length + 5);
            count++;
        }

        Assert.Equal(20, count);
        sending.Join();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(ExecutorProtocol.MaxFrameLength + 1)]
    public void TryRead_ImpossibleLength_IsInvalid(int length)
    {
        var header = new byte[5];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        Send(header);
        Assert.Throws<InvalidDataException>(() => new FrameStream(new ExecutorSocket(_sockets.Far)).TryRead(out _));
    }

    [Fact]
    public void TryRead_LengthOverTheLimit_IsInvalid()
    {
        WriteAll(Guid.Empty);
        Send(_writer.Written.Span);
        Assert.Throws<InvalidDataException>(() => new FrameStream(new ExecutorSocket(_sockets.Far)).TryRead(out _, longest: 10));
    }

    /// <summary>Uses the same memory many times, so that the test takes only a MiB.</summary>
    [Fact]
    public void Write_ReplyOverTheLimit_ReportsThatItIsTooLarge()
    {
        var item = new ReadOnlyMemory<byte>(new byte[1 << 20]);
        var writer = new FrameWriter();

        ObjectFrames.WriteMessage(writer, new ObjectReply(7, ObjectStatus.Ok, 0, [.. Enumerable.Repeat(item, 1025)]));

        Assert.InRange(writer.Length, 1, 100);
        var reply = ObjectFrames.ReadReply(new FrameReader(writer.Written[5..]));
        Assert.Equal((7, ObjectStatus.TooLarge, true), (reply.Call, reply.Status, reply.Payloads.IsEmpty));
        Assert.True(reply.Number > 1 << 30);
    }

    [Fact]
    public void TryRead_AnnouncedLength_IsNotAllocatedBeforeTheBytesArrive()
    {
        var bytes = new byte[5 + (64 << 10)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, 200 << 20);
        bytes[4] = (byte)FrameKind.Done;
        Send(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(new FrameStream(new ExecutorSocket(_sockets.Far)).TryRead(out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    [Fact]
    public void TryRead_FrameOfSomeMegabytes_IsReadWhole()
    {
        var body = new byte[(9 << 20) + 3];
        new Random(1).NextBytes(body);
        var sending = new Thread(() =>
        {
            _writer.BeginFrame(FrameKind.Done);
            _writer.WriteRaw(body);
            _writer.EndFrame();
            Send(_writer.Written.Span);
        });
        sending.Start();
        Assert.True(new FrameStream(new ExecutorSocket(_sockets.Far)).TryRead(out var frame));
        Assert.True(frame.Body.Span.SequenceEqual(body));
        sending.Join();
    }

    [Fact]
    public void TryRead_TruncatedFrame_IsTheEnd()
    {
        WriteAll(Guid.Empty);
        Send(_writer.Written.Span[..^1]);
        Assert.False(new FrameStream(new ExecutorSocket(_sockets.Far)).TryRead(out _));
    }

    [Fact]
    public void ReadFailure_EndlessNestedFailures_AreInvalid()
    {
        var failure = Enumerable.Range(0, 100).Aggregate(Failure, (inner, _) => new FailureInfo("", "", "", null, [], inner));
        _writer.BeginFrame(FrameKind.InitializerFailed);
        _writer.WriteFailure(failure);
        _writer.EndFrame();
        Assert.Throws<InvalidDataException>(() => new FrameReader(_writer.Written[5..]).ReadFailure());
    }

    private void WriteAll(Guid guid)
    {
        _writer.BeginFrame(FrameKind.Done);
        _writer.WriteByte(1);
        _writer.WriteInt32(-2);
        _writer.WriteInt64(-3);
        _writer.WriteGuid(guid);
        _writer.WriteBytes([1, 2]);
        _writer.WriteString("é");
        _writer.WriteString(null);
        _writer.WriteString("");
        _writer.WriteFailure(Failure);
        _writer.WriteFailure(null);
        _writer.EndFrame();
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        _sockets.Near.Send(bytes);
        _sockets.Near.Shutdown(SocketShutdown.Send);
    }
}
