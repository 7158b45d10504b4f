using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace Actors.Remoting.Tests.Dispatch;

public sealed class HandlerActorTests : TestKit
{
    [Fact]
    public void Receive_DerivedMessage_IsHandledByTheFirstHandlerThatAcceptsIt()
    {
        var actor = Sys.ActorOf(ActorProps.Create(() => new SortingActor()));

        foreach (var message in new object[] { new ArgumentNullException(), 7, -7, new InvalidOperationException() })
            actor.Tell(message, TestActor);

        Assert.Equal(["argument", "positive", "number", "other"], ReceiveN(4).Cast<string>());
    }

    [Fact]
    public void Receive_NoHandler_PublishesUnhandledMessage()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.UnhandledMessage));
        var actor = Sys.ActorOf(ActorProps.Create(() => new SortingActor()));

        actor.Tell("text");

        Assert.Equal("text", ExpectMsg<Akka.Event.UnhandledMessage>().Message);
    }

    [Fact]
    public void Become_NewHandlers_ReplaceTheOldOnesForKnownTypes()
    {
        var actor = Sys.ActorOf(ActorProps.Create(() => new SortingActor()));

        actor.Tell(7, TestActor);
        actor.Tell(true, TestActor);
        actor.Tell(7, TestActor);

        Assert.Equal(["positive", "changed"], ReceiveN(2).Cast<string>());
    }

    [Fact]
    public void ReceiveAsync_NextMessage_WaitsForTheHandler()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Sys.ActorOf(ActorProps.Create(() => new SortingActor()));

        actor.Tell(release, TestActor);
        actor.Tell(7, TestActor);
        ExpectMsg("waiting");
        release.SetResult();

        Assert.Equal(["released", "positive"], ReceiveN(2).Cast<string>());
    }

    [Fact]
    public void Create_RestartedActor_IsCreatedAgain()
    {
        var created = 0;
        var actor = Sys.ActorOf(ActorProps.Create(() => new SortingActor(++created)));

        actor.Tell('x');
        actor.Tell("count", TestActor);

        ExpectMsg(2);
    }

    private sealed class SortingActor : HandlerActor
    {
        public SortingActor(int count = 0)
        {
            Receive<ArgumentException>(_ => Sender.Tell("argument"));
            Receive<Exception>(_ => Sender.Tell("other"));
            Receive<int>(number => number > 0, _ => Sender.Tell("positive"));
            Receive<int>(_ => Sender.Tell("number"));
            Receive<bool>(_ => Become(() => Receive<int>(_ => Sender.Tell("changed"))));
            Receive<char>(_ => throw new InvalidOperationException("Restarts the actor."));
            Receive<string>(text => text == "count", _ => Sender.Tell(count));
            ReceiveAsync<TaskCompletionSource>(async release =>
            {
                var sender = Sender;
                sender.Tell("waiting");
                await release.Task;
                sender.Tell("released");
            });
        }
    }
}
