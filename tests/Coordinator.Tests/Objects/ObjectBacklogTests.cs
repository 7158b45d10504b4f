using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Objects;

public sealed class ObjectBacklogTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly ObjectCall Call = new(default, 1, ObjectOperation.Count, 0, 0, [new byte[1000]]);

    private readonly ObjectBacklog _backlog = new(limit: 3 * (1000 + ObjectSizes.MessageOverhead));
    private readonly IActorRef _remote;

    public ObjectBacklogTests() => _remote = new RemoteSender(TestActor);

    [Fact]
    public void TryAdd_CallsOfOtherPrograms_AreLimited()
    {
        for (var call = 0; call < 3; call++)
            Assert.True(_backlog.TryAdd(_remote, Call));
        Assert.False(_backlog.TryAdd(_remote, Call));
        Assert.False(_backlog.TryAdd(_remote, new ObjectReplyReceived(default, 1)));

        _backlog.Remove(_remote, Call);

        Assert.True(_backlog.TryAdd(_remote, Call));
    }

    [Fact]
    public void TryAdd_CallsOfThisProcess_AreNotLimited()
    {
        for (var call = 0; call < 100; call++)
            Assert.True(_backlog.TryAdd(TestActor, Call));

        Assert.True(_backlog.TryAdd(_remote, Call));
    }

    /// <summary>The framework sends it with the ended actor as its sender.</summary>
    [Fact]
    public void Remove_OtherMessage_ChangesNothing()
    {
        for (var call = 0; call < 3; call++)
            _backlog.TryAdd(_remote, Call);

        _backlog.Remove(_remote, new Terminated(_remote, true, true));

        Assert.False(_backlog.TryAdd(_remote, Call));
    }

    [Fact]
    public void NoteDuration_TwoLongOnes_IsSlowUntilManyQuickOnes()
    {
        _backlog.NoteDuration(TimeSpan.FromMilliseconds(1));
        Assert.False(_backlog.IsSlow);
        _backlog.NoteDuration(TimeSpan.FromMilliseconds(1));

        for (var message = 0; message < ObjectBacklog.QuickMessages; message++)
        {
            Assert.True(_backlog.IsSlow);
            _backlog.NoteDuration(TimeSpan.FromMicroseconds(5));
        }

        Assert.False(_backlog.IsSlow);
    }

    /// <summary>An actor of another program.</summary>
    private sealed class RemoteSender(IActorRef local) : MinimalActorRef
    {
        public override ActorPath Path { get; } =
            new RootActorPath(new Address("akka.tcp", "actors", "10.0.0.2", 40000)) / "user" / "caller";

        public override IActorRefProvider Provider => ((IInternalActorRef)local).Provider;
    }
}
