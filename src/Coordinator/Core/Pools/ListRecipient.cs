using Actors.Coordinator.Clients;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>The receiver of a list of jobs. A program that does not read its lists gets no further ones.</summary>
/// <param name="System">The actor system.</param>
/// <param name="Actor">The actor that receives the list.</param>
/// <param name="Pool">The actor of the pool.</param>
public sealed record ListRecipient(ActorSystem System, IActorRef Actor, IActorRef Pool) : IRecipient
{
    /// <summary>The bytes of a job in a list without its texts.</summary>
    private const int JobSize = 256;

    /// <inheritdoc/>
    public bool IsLocal => Actor.Path.Address.HasLocalScope;

    /// <inheritdoc/>
    public void Send(object message) =>
        AnswerReceipts.TrySend(System, Actor, message, message is PoolProtocol.JobsListed list ? Measure(list) : 0, Pool);

    private static long Measure(PoolProtocol.JobsListed list) => list.Jobs.Sum(static job =>
        (long)JobSize + (sizeof(char) * (job.Function.Length + (job.Key?.Length ?? 0) + (job.Failure?.Length ?? 0))));
}
