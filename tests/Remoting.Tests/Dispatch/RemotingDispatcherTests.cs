using Actors.Remoting.Dispatch;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Remoting.Tests.Dispatch;

public class RemotingDispatcherTests
{
    private const int Messages = 40_000;

    /// <summary>Other threads write through the queue of the socket thread, and that thread writes directly.</summary>
    [Fact(Timeout = 60_000)]
    public async Task RemoteActor_MessagesOfTwoThreads_ArriveInOrder()
    {
        using var here = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        using var there = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        var told = new TaskCompletionSource<int>();
        var listener = there.ActorOf(Props.Create(() => new Listener(told)), "listener");
        var address = ((ExtendedActorSystem)there).Provider.DefaultAddress;
        var remote = ((ExtendedActorSystem)here).Provider.ResolveActorRef(listener.Path.ToStringWithAddress(address));
        var counter = here.ActorOf(InlineDispatcher.ApplyTo(Props.Create(() => new Counter(remote)), here));

        for (var message = 0; message < Messages; message++)
            counter.Tell("count");

        Assert.Equal(2 * Messages, await told.Task);
    }

    /// <summary>Counts the messages from the test, and the messages that another actor sends in answer.</summary>
    private sealed class Counter : ReceiveActor
    {
        public Counter(IActorRef listener)
        {
            var count = 0;
            ReceiveAny(_ => listener.Tell(++count));
        }
    }

    /// <summary>Answers the first half of its messages.</summary>
    private sealed class Listener : ReceiveActor
    {
        public Listener(TaskCompletionSource<int> told)
        {
            var last = 0;
            Receive<int>(count =>
            {
                if (count != ++last)
                    told.TrySetException(new InvalidOperationException($"After {last - 1} it was told {count}."));
                else if (last == 2 * Messages)
                    told.TrySetResult(last);
                if (last <= Messages)
                    Sender.Tell("count");
            });
        }
    }
}
