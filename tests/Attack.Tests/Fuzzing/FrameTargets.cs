using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.WorkerNode.Executors;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>The bodies of the frames between a node and its worker.</summary>
internal static class FrameTargets
{
    public const string Prefix = "frame:";

    private static readonly FailureInfo Failure = new(
        "T", "A", "m é", "stack", [new("k", "v")], new FailureInfo("I", "", "", null, [], null),
        [new FailureInfo("M", "", "", null, [], null)], [new FailureValue("o", "n", new byte[] { 1 }, new byte[] { 2 }, "t")]);

    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        Of("failure", writer => writer.WriteFailure(Failure), frame => frame.CreateReader().ReadFailure()),
        Of("handshake", new ExecutorHandshakeReply(
            ["directory"], "path", new ProcessIdentity("name", 1, "parent"), "payloads", "pool", "node",
            (new byte[] { 3 }, new byte[] { 4 }), (new byte[] { 1 }, new byte[] { 2 }), (new byte[] { 5 }, new byte[] { 6 }), 3).WriteTo,
            frame => ExecutorHandshakeReply.ReadFrom(frame)),
        Of("call", writer => ObjectFrames.WriteMessage(
            writer, new ObjectCall(
                default, 1, ObjectOperation.Put, -1, 2, [new byte[] { 1, 2 }, default])),
                frame => ObjectFrames.ReadCall(frame.CreateReader())),
        Of("reply", writer => ObjectFrames.WriteMessage(
            writer, new ObjectReply(1, ObjectStatus.Ok, 2, [new byte[] { 1, 2 }])), frame => ObjectFrames.ReadReply(frame.CreateReader())),
        Of("received", writer => ObjectFrames.WriteMessage(writer, FrameKind.ObjectReplyReceived, new ObjectId(Guid.NewGuid()), 7),
            frame => ObjectFrames.ReadCallNumber(frame.CreateReader())),
    ];

    private static FuzzTarget<InvalidDataException> Of(string name, Action<FrameWriter> write, Action<Frame> read)
    {
        var writer = new FrameWriter();
        write(writer);
        // The stream reads the header of a frame.
        var body = name == "failure" ? writer.Written.ToArray() : writer.Written[5..].ToArray();
        return new($"{Prefix}{name}", [body], bytes => read(new Frame(FrameKind.Done, bytes)));
    }
}
