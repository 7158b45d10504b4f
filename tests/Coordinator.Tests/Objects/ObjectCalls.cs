using Actors.Coordinator.Objects;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Short forms of calls and their answers.</summary>
internal static class ObjectCalls
{
    public static ObjectCall Put(long call, byte[] items, long timeout = -1, ObjectId target = default) =>
        new(target, call, ObjectOperation.Put, timeout, 0, [.. items.Select(item => new ReadOnlyMemory<byte>([item]))]);

    public static ObjectCall Get(long call, long most = 1, long timeout = -1, ObjectId target = default) =>
        new(target, call, ObjectOperation.Get, timeout, most, []);

    public static ObjectCall Acquire(long call, long timeout = -1, ObjectId target = default) =>
        new(target, call, ObjectOperation.Acquire, timeout, 0, []);

    public static ObjectCall Release(long call, long token, ObjectId target = default) =>
        new(target, call, ObjectOperation.Release, -1, token, []);

    public static byte[] Items(this ObjectReply reply) => [.. reply.Payloads.Select(item => item.Span[0])];

    /// <summary>Gets the answers to one call, for any caller.</summary>
    public static List<ObjectReply> Ask(this IManagedObjectState state, Caller caller, ObjectCall call, TimeSpan now = default) =>
        Answers((answers, _) => state.HandleCall(caller, call, now, answers));

    public static List<ObjectReply> Abandon(this IManagedObjectState state, Caller caller, long call) =>
        Answers((answers, now) => state.AbandonCall(caller, call, now, answers));

    public static List<ObjectReply> Die(this IManagedObjectState state, Caller caller) =>
        Answers((answers, now) => state.RemoveCaller(caller, now, answers));

    public static List<ObjectReply> TickAt(this IManagedObjectState state, double milliseconds) =>
        Answers((answers, _) => state.ExpireCalls(TimeSpan.FromMilliseconds(milliseconds), answers));

    private static List<ObjectReply> Answers(Action<List<ObjectAnswer>, TimeSpan> command)
    {
        var answers = new List<ObjectAnswer>();
        command(answers, TimeSpan.Zero);
        return [.. answers.Select(answer => answer.Reply)];
    }
}
