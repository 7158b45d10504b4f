using Actors.Coordinator.Clients;
using Actors.Coordinator.Pools;
using Actors.Coordinator.Tests.Clients;
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

    /// <summary>Each answer repeats all outcomes that the client has not acknowledged.</summary>
    [Fact]
    public void TryStartComparison_SoonAfterAnother_WaitsForTheNextTick()
    {
        var link = new ClientLink(new Recipient(isLocal: false), usage: null, opened: null);
        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(_ => link.TryStartComparison()));
        Assert.True(link.TakeWaitingComparison());
        Assert.False(link.TryStartComparison());
        Assert.True(link.TakeWaitingComparison());
        Assert.False(link.TakeWaitingComparison());
        Assert.True(link.TryStartComparison());
    }

    /// <summary>Many clients that do not receive their results would fill the memory, each below its own limit.</summary>
    [Fact]
    public void NeedsPause_AllClientsUseTooMuch_PausesThoseWithResults()
    {
        var limits = TestLimits.Read("actors.client-limits.total-memory = 1MiB");
        var memory = new ClientMemory(limits.TotalMemory);
        var links = Enumerable.Range(0, 6)
            .Select(_ => new ClientLink(new Recipient(isLocal: false), new ClientUsage(limits, memory), opened: null)).ToList();
        foreach (var link in links.Take(5))
            link.SendEnded([new JobOutcome(new JobId(1), JobStatus.Succeeded, new byte[200 << 10], null, 1)]);
        Assert.DoesNotContain(links, link => link.NeedsPause);

        links[0].SendEnded([new JobOutcome(new JobId(2), JobStatus.Succeeded, new byte[30 << 10], null, 1)]);
        Assert.Equal([true, true, true, true, true, false], links.Select(link => link.NeedsPause));
        Assert.NotEqual(ClientLink.Admission.Accepted, links[5].AdmitJobs(1));

        links[1].AcknowledgeOutcomes(1);
        Assert.DoesNotContain(links, link => link.NeedsPause);
    }

    private sealed class Recipient(bool isLocal) : IRecipient
    {
        public bool IsLocal => isLocal;

        public List<object> Sent { get; } = [];

        public void Send(object message) => Sent.Add(message);
    }
}
