using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

public sealed class RunFrameTests
{
    private readonly FrameWriter _writer = new();
    private readonly FunctionNumbers _functions = new();

    [Fact]
    public void WriteJobs_SameFunctionTwice_SendsItsDefinitionOnce()
    {
        RunFrame.WriteJobs(_writer, [Job(1, 10), Job(2, 20), Job(3, 10)], _functions);
        Assert.Equal(["define 0=10", "define 1=20", "run 1:0 2:1 3:0"], Frames());
        RunFrame.WriteJobs(_writer, [Job(4, 20), Job(5, 30)], _functions);
        Assert.Equal(["define 2=30", "run 4:1 5:2"], Frames());
    }

    [Fact]
    public void WriteJobs_TracedJob_SendsItsTraceBefore()
    {
        var trace = new JobTrace("parent", "state", Attempt: 2, Node: "node1");
        RunFrame.WriteJobs(
            _writer,
            [
                Job(1, 10) with { Policy = JobPolicy.Once with { Trace = trace } }, Job(2, 10),
                Job(3, 10) with { Policy = JobPolicy.Once with { Trace = trace with { Parent = new string('x', 1000) } } },
            ],
            _functions);
        Assert.Equal(["trace 1 2 parent state node1 f", "define 0=10", "run 1:0 2:0 3:0"], Frames());
    }

    [Fact]
    public void WriteJobs_ManyJobs_KeepsTheirOrder()
    {
        RunFrame.WriteJobs(_writer, [.. Enumerable.Range(1, 1000).Select(i => Job(i, 10))], _functions);
        Assert.Equal("run " + string.Join(' ', Enumerable.Range(1, 1000).Select(i => $"{i}:0")), Frames()[1]);
    }

    /// <summary>A frame with all of them could exceed the limit of a frame.</summary>
    [Fact]
    public void SendJobs_LargeArguments_AreSplitOverFrames()
    {
        var large = new byte[5 << 20];
        var jobs = Enumerable.Range(1, 5).Select(i => Job(i, 10) with { Arguments = i < 4 ? large : new byte[] { 7 } });
        var lengths = new List<int>();

        RunFrame.SendJobs([.. jobs], _functions, (write, tail) =>
        {
            write(_writer);
            for (var rest = _writer.Written; !rest.IsEmpty;)
            {
                var length = new FrameReader(rest).ReadInt32();
                lengths.Add(length);
                rest = rest[Math.Min(4 + length, rest.Length)..];
            }

            _writer.ClearFrames();
        });

        Assert.Equal(3, lengths.Count(length => length > 5 << 20));
        Assert.All(lengths, length => Assert.InRange(length, 1, 8 << 20));
    }

    [Fact]
    public void WriteJobs_PoliciesOfJobs_AreSentOnceInSuccession()
    {
        var session = Guid.NewGuid();
        var first = new JobPolicy(250, 1, Origin: new JobOrigin(session, 5));
        var second = first with { Origin = new JobOrigin(session, 6, Attempt: 2) };
        JobPolicy[] policies = [first, first, second];
        RunFrame.WriteJobs(_writer, [.. policies.Select((policy, index) => Job(index + 1, 1) with { Policy = policy })], _functions);
        var define = new FrameReader(_writer.Written).ReadInt32() + sizeof(int);
        var reader = new FrameReader(_writer.Written[(define + 5)..]);
        var details = new JobDetails?[reader.ReadInt32()];
        for (var i = 0; i < details.Length; i++)
        {
            reader.ReadRaw(sizeof(long) + sizeof(int));
            details[i] = JobDetails.ReadDetails(ref reader, i == 0 ? null : details[i - 1]);
            reader.ReadBytes();
        }

        Assert.Equal(new JobDetails(session, 5, 1, 250), details[0]);
        Assert.Same(details[0], details[1]);
        Assert.Equal(new JobDetails(session, 6, 2, 250), details[2]);
    }

    [Fact]
    public void WriteJobs_RetriedJob_HasItsEarlierAttempts()
    {
        var losses = Enumerable.Range(1, 9)
            .Select(number => new AttemptLoss(new string('n', 1000), number, number == 9 ? null : -9, "was ended")).ToArray();
        var policy = new JobPolicy(0, 20, Origin: new JobOrigin(Guid.NewGuid(), 6, Attempt: 10, Losses: [null!, .. losses]));
        RunFrame.WriteJobs(_writer, [Job(1, 1) with { Policy = policy }], _functions);
        var define = new FrameReader(_writer.Written).ReadInt32() + sizeof(int);
        var reader = new FrameReader(_writer.Written[(define + 5)..]);
        reader.ReadRaw(sizeof(int) + sizeof(long) + sizeof(int));

        var history = JobDetails.ReadDetails(ref reader, null).History;

        Assert.Equal(
            Enumerable.Range(1, 9).Select(number => new LostAttempt(new string('n', 200), number, number == 9 ? null : -9, "was ended")),
            history);
        Assert.Equal([7], reader.ReadBytes().ToArray());
        Assert.True(reader.IsAtEnd);
    }

    /// <summary>The arguments are in a file, so the frame may not be longer.</summary>
    [Fact]
    public void WriteStoredJob_LongestHistory_FitsTheLimitOfItsFrame()
    {
        var loss = new AttemptLoss(new string('\u20ac', 1000), 1, -9, new string('\u20ac', 1000));
        var losses = Enumerable.Repeat(loss, AttemptHistory.MaxReported);
        var policy = new JobPolicy(0, 20, Origin: new JobOrigin(Guid.NewGuid(), 6, Attempt: 11, Losses: [.. losses]));
        RunFrame.WriteStoredJob(_writer, Job(1, 1) with { Policy = policy }, _functions);
        var define = new FrameReader(_writer.Written).ReadInt32() + sizeof(int);

        var length = new FrameReader(_writer.Written[define..]).ReadInt32();

        Assert.InRange(length, 12_000, FrameLimits.GetLimit(FrameKind.RunStored));
    }

    [Fact]
    public void ReadDetails_TooManyAttempts_AreRefused()
    {
        _writer.BeginFrame(FrameKind.Run);
        _writer.WriteByte(1);
        _writer.WriteGuid(Guid.Empty);
        _writer.WriteInt64(0);
        _writer.WriteInt32(13);
        _writer.WriteInt64(0);
        _writer.WriteInt32(AttemptHistory.MaxReported + 1);
        for (var i = 0; i < 5 * (AttemptHistory.MaxReported + 1); i++)
            _writer.WriteInt32(0);
        _writer.EndFrame();

        Assert.Throws<InvalidDataException>(() =>
        {
            var reader = new FrameReader(_writer.Written[(sizeof(int) + 1)..]);
            return JobDetails.ReadDetails(ref reader, null);
        });
    }

    [Fact]
    public void GetNumber_EqualDefinitionsWithOtherNames_IsTheSame()
    {
        Assert.Equal(0, _functions.GetNumber(new FunctionRef("a", new byte[] { 1 }), out var isNew));
        Assert.True(isNew);
        Assert.Equal(0, _functions.GetNumber(new FunctionRef("b", new byte[] { 1 }), out isNew));
        Assert.False(isNew);
    }

    private static JobSpec Job(long id, byte definition) =>
        new(new JobId(id), new FunctionRef("f", new[] { definition }), new byte[] { 7 }, JobPolicy.Once);

    private List<string> Frames()
    {
        var frames = new List<string>();
        for (var rest = _writer.Written; !rest.IsEmpty;)
        {
            var length = new FrameReader(rest).ReadInt32();
            frames.Add(Text((FrameKind)rest.Span[4], new FrameReader(rest[5..(4 + length)])));
            rest = rest[(4 + length)..];
        }

        _writer.ClearFrames();
        return frames;
    }

    private static string Text(FrameKind kind, FrameReader reader)
    {
        if (kind == FrameKind.Define)
            return $"define {reader.ReadInt32()}={reader.ReadBytes().Span[0]}";
        if (kind == FrameKind.Trace)
        {
            return $"trace {reader.ReadInt64()} {reader.ReadInt32()} {reader.ReadString()} {reader.ReadString()} {reader.ReadString()} "
                + reader.ReadString();
        }

        Assert.Equal(FrameKind.Run, kind);
        var jobs = new string[reader.ReadInt32()];
        JobDetails? details = null;
        for (var i = 0; i < jobs.Length; i++)
        {
            jobs[i] = $"{reader.ReadInt64()}:{reader.ReadInt32()}";
            details = JobDetails.ReadDetails(ref reader, details);
            Assert.Equal([7], reader.ReadBytes().ToArray());
        }

        Assert.True(reader.IsAtEnd);
        return $"run {string.Join(' ', jobs)}";
    }
}
