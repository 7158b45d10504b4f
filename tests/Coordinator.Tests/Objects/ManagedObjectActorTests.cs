using Actors.Coordinator.Clients;
using Actors.Coordinator.Objects;
using Actors.Messages.Objects;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>The answers to callers of an object whose state fails.</summary>
public sealed class ManagedObjectActorTests : PatientTestKit
{
    [Fact]
    public void Call_StateThrows_AnswersEveryCaller()
    {
        var unlimited = (new ClientCharge(null, ClientResource.Objects), new ClientCharge(null, ClientResource.ObjectMemory));
        var actor = Sys.ActorOf(
            Props.Create(() => new ManagedObjectActor(default, new FailingState(), ActorRefs.Nobody, unlimited, new ObjectBacklog())));
        actor.Tell(Call(1, ObjectOperation.Get), TestActor);
        actor.Tell(Call(2, ObjectOperation.Put), TestActor);
        actor.Tell(Call(3, ObjectOperation.Get), TestActor);
        long[] answered = [.. Enumerable.Range(0, 3).Select(_ => ExpectMsg<ObjectReply>()).Select(Gone)];
        Assert.Equal([1, 2, 3], answered.Order());
    }

    private static ObjectCall Call(long number, ObjectOperation operation) => new(default, number, operation, -1, 0, []);

    private static long Gone(ObjectReply reply)
    {
        Assert.Equal(ObjectStatus.NoSuchObject, reply.Status);
        return reply.Call;
    }

    /// <summary>A state in which gets wait and puts throw.</summary>
    private sealed class FailingState : IManagedObjectState
    {
        private readonly List<(Caller Caller, long Call)> _waiting = [];

        public TimeSpan? NextDeadline => null;

        public void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
        {
            if (call.Operation == ObjectOperation.Put)
                throw new InvalidOperationException("As a defect would.");
            _waiting.Add((caller, call.Call));
        }

        public void ConfirmReceipt(Caller caller, long call)
        {
        }

        public void AbandonCall(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
        {
        }

        public void RemoveCaller(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
        {
        }

        public void ExpireCalls(TimeSpan now, List<ObjectAnswer> answers)
        {
        }

        public void EndAllCalls(List<ObjectAnswer> answers)
        {
            answers.AddRange(_waiting.Select(one =>
                new ObjectAnswer(one.Caller, new ObjectReply(one.Call, ObjectStatus.NoSuchObject, 0, []))));
            _waiting.Clear();
        }
    }
}
