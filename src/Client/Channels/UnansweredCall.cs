using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Objects;

/// <summary>An unanswered call on a managed object.</summary>
internal sealed class UnansweredCall(ObjectId target, ObjectOperation operation, long number)
{
    private readonly TaskCompletionSource<ObjectReply> _answer = new(SimulatedThread.Continuations);

    public ObjectId Target => target;

    public long Number => number;

    public ObjectOperation Operation => operation;

    public Task<ObjectReply> Answer => _answer.Task;

    public bool Complete(ObjectReply reply) => _answer.TrySetResult(reply);

    public void Fail(Exception exception) => _answer.TrySetException(exception);

    public void Cancel(CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);
}
