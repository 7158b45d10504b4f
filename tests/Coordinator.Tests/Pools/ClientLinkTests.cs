using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

public sealed class ClientLinkTests
{
    /// <summary>Jobs without a number were charged to nobody, and their results were sent without being retained.</summary>
    [Theory]
    [InlineData(true, ClientLink.SubmissionOrder.Next, 0L)]
    [InlineData(false, ClientLink.SubmissionOrder.Repeated, 1L)]
    public void ReceiveSubmission_WithoutANumber_IsAcceptedWithinThisProcess(bool isLocal, object order, long number)
    {
        var client = new Recipient(isLocal);
        var link = new ClientLink(client, usage: null, opened: null);

        Assert.Equal((ClientLink.SubmissionOrder)order, link.ReceiveSubmission(0));
        link.SendEnded([new JobOutcome(new JobId(1), JobStatus.Succeeded, default, null, 1)]);

        Assert.Equal(number, Assert.IsType<PoolProtocol.JobsEnded>(Assert.Single(client.Sent)).Number);
        Assert.Equal(isLocal, link.IsAllAcknowledged);
    }

    private sealed class Recipient(bool isLocal) : IRecipient
    {
        public bool IsLocal => isLocal;

        public List<object> Sent { get; } = [];

        public void Send(object message) => Sent.Add(message);
    }
}
