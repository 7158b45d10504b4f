using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>
/// Sends a request to an actor of another process. The Ask of the framework accepts an answer from any process, at a predictable path. This
/// one accepts it only from the process of the receiver, at a random path.
/// </summary>
public static class PeerAsk
{
    /// <summary>Sends a request and waits for the answer.</summary>
    /// <exception cref="AskTimeoutException">No answer arrived within the timeout.</exception>
    /// <exception cref="InvalidCastException">The answer has another type.</exception>
    public static async Task<T> AskAsync<T>(ICanTell peer, object question, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var asked = (IInternalActorRef)peer;
        var pending = new PendingAnswer(asked);
        pending.Provider.RegisterTempActor(pending, pending.Path);
        // Cancellation completes the answer. Otherwise the thread that cancels would run the continuation while it holds its locks.
        using var cancellation = cancellationToken.UnsafeRegister(pending.CancelAnswer, null);
        try
        {
            asked.Tell(question, pending);
            return (T)await pending.Answer.WaitAsync(timeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new AskTimeoutException($"{asked.Path} did not answer within {timeout.TotalSeconds:0.##} s.");
        }
        finally
        {
            pending.Provider.UnregisterTempActor(pending.Path);
        }
    }

    private sealed class PendingAnswer(IInternalActorRef asked) : MinimalActorRef
    {
        private readonly TaskCompletionSource<object> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<object> Answer => _answer.Task;

        public override ActorPath Path { get; } = asked.Provider.TempPath().Parent / RandomName.NewName("answer");

        public override IActorRefProvider Provider => asked.Provider;

        public void CancelAnswer(object? state, CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);

        protected override void TellInternal(object message, IActorRef sender)
        {
            // The framework answers like this for a peer that cannot be reached.
            if (message is ActorIdentity { Subject: null or Nobody } && sender?.IsLocal() == true)
                _answer.TrySetResult(message);
            else if (sender is null || !sender.IsInProcessOf(asked))
            {
                RefusedMessages.ReportRefused(
                    Provider.Guardian.Underlying.System, new MessageRefused(message, sender ?? Provider.DeadLetters, this));
            }
            else if (message is Status.Failure failure)
                _answer.TrySetException(failure.Cause ?? new AskTimeoutException($"{asked.Path} failed to answer."));
            else
                _answer.TrySetResult(message);
        }
    }
}
