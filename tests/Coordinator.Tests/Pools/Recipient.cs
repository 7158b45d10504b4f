using System.Collections.Immutable;
using Actors.Coordinator.Pools;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>A program, a build or a journal that records the messages it receives.</summary>
internal sealed class Recipient : IRecipient
{
    public bool IsLocal => true;

    public List<object> Sent { get; } = [];

    public void Send(object message) => Sent.Add(message);

    public ImmutableArray<JobOutcome> TakeOutcomes() =>
        [.. Sent.OfType<PoolProtocol.JobsEnded>().SelectMany(ended => ended.Outcomes)];
}
