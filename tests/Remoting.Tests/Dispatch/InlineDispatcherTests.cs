using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Remoting.Tests.Dispatch;

public sealed class InlineDispatcherTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system =
        ActorSystemStarter.Start(RoleConfiguration.CreateClient(), new LinkIdentity(new LinkKeys(null), null, []));

    private readonly IActorRef _actor;
    private readonly TaskCompletionSource<int> _thread = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public InlineDispatcherTests()
    {
        Action<int> report = thread => _thread.SetResult(thread);
        _actor = _system.ActorOf(InlineDispatcher.ApplyTo(Props.Create(() => new ThreadActor(report)), _system));
    }

    public Task InitializeAsync() => _actor.Ask<ActorIdentity>(new Identify(null), Patience);

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task Tell_IdleActor_RunsOnThisThread()
    {
        var sender = Environment.CurrentManagedThreadId;
        _actor.Tell("message");

        Assert.True(_thread.Task.IsCompleted);
        Assert.Equal(sender, await _thread.Task);
    }

    [Fact]
    public async Task ForwardDetached_IdleActor_RunsOnAnotherThread()
    {
        // A thread of its own, which the thread pool cannot choose for the actor.
        var sender = 0;
        var thread = new Thread(() =>
        {
            sender = Environment.CurrentManagedThreadId;
            InlineDispatcher.ForwardDetached(_actor, "message");
        });
        thread.Start();
        thread.Join();

        Assert.NotEqual(sender, await _thread.Task.WaitAsync(Patience));
    }

    private sealed class ThreadActor : ReceiveActor
    {
        public ThreadActor(Action<int> report) => Receive<string>(_ => report(Environment.CurrentManagedThreadId));
    }
}
