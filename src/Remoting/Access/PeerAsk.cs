using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>
/// Asks an actor of another process. The framework's Ask takes an answer from anybody, at a path that is counted up; this one takes it from the process that was
/// asked, at a path that nobody else knows.
/// </summary>
internal static class PeerAsk
{
    /// <summary>Sends the question and waits for the answer.</summary>
    /// <exception cref="AskTimeoutException">There is no answer in time.</exception>
    /// <exception cref="InvalidCastException">The answer is of another type.</exception>
    public static async Task<T> AskAsync<T>(ICanTell peer, object question, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var asked = (IInternalActorRef)peer;
        var pending = new PendingAnswer(asked);
        pending.Provider.RegisterTempActor(pending, pending.Path);
        // Through the answer: the thread that cancels would otherwise run what follows, within its locks.
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
            // The framework's own answer for a peer that cannot be reached: nobody is there.
            if (message is ActorIdentity { Subject: null or Nobody } && sender?.IsLocal() == true)
                _answer.TrySetResult(message);
            else if (sender is null || !sender.IsInProcessOf(asked))
                RefusedMessages.ReportRefused(Provider.Guardian.Underlying.System, new MessageRefused(message, sender ?? Provider.DeadLetters, this));
            else if (message is Status.Failure failure)
                _answer.TrySetException(failure.Cause ?? new AskTimeoutException($"{asked.Path} failed to answer."));
            else
                _answer.TrySetResult(message);
        }
    }
}
