using System.Collections.Concurrent;
using Actors.Executor.Link;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Objects;

namespace Actors.Executor.Objects;

/// <summary>Sends the calls of managed objects of the workers of this process over its socket.</summary>
internal sealed class OuterObjects(NodeLink link) : IOuterObjects
{
    private readonly ConcurrentDictionary<long, Action<ObjectReply>> _callers = new();
    private long _last;

    /// <inheritdoc/>
    public long OpenCaller(Action<ObjectReply> onReply)
    {
        var caller = Interlocked.Increment(ref _last);
        _callers[caller] = onReply;
        return caller;
    }

    /// <inheritdoc/>
    public void ForwardMessage(long caller, IWireMessage message) => link.SendFrames(writer =>
    {
        ObjectFrames.WriteCaller(writer, FrameKind.Caller, caller);
        ObjectFrames.WriteMessage(writer, message);
    });

    /// <inheritdoc/>
    public void CloseCaller(long caller)
    {
        if (_callers.TryRemove(caller, out _))
            link.SendFrames(writer => ObjectFrames.WriteCaller(writer, FrameKind.CallerEnded, caller));
    }

    /// <summary>Passes an answer to its caller.</summary>
    public void CompleteCall(long caller, ObjectReply reply)
    {
        if (_callers.TryGetValue(caller, out var onReply))
            onReply(reply);
    }
}
