using Akka.Actor;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// Creates the <see cref="Props"/> of actors from a delegate. The framework's own methods compile expression trees for the arguments, which
/// takes tens of milliseconds at the first use.
/// </summary>
public static class ActorProps
{
    /// <param name="create">Creates the actor, in its own context and again for each restart.</param>
    public static Props Create<TActor>(Func<TActor> create)
        where TActor : ActorBase => Props.CreateBy(new Producer<TActor>(create));

    private sealed class Producer<TActor>(Func<TActor> create) : IIndirectActorProducer
        where TActor : ActorBase
    {
        public Type ActorType => typeof(TActor);

        public ActorBase Produce() => create();

        public void Release(ActorBase actor)
        {
        }
    }
}
