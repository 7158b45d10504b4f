using System.Collections.Immutable;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Testing;

namespace Actors.Coordinator.Tests.Pools;

public sealed class PoolSpansTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Span = "b7ad6b7169203331";
    private const string Parent = $"00-{Trace}-{Span}-01";

    [Fact]
    public void BeginTraces_UntracedJob_ContinuesTheSpanOfItsAcceptance()
    {
        using var spans = new RecordedSpans("accepted");

        var jobs = new PoolSpans("accepted", isOnCluster: true).BeginTraces([CreateJob(1, null), CreateJob(2, Parent)]);

        var accept = Assert.Single(spans.Ended);
        Assert.Equal(("accept Function", 1L), (accept.DisplayName, accept.GetTagItem("actors.job.id")));
        Assert.Equal([accept.Id!, Parent], jobs.Select(job => job.Policy.Trace!.Parent));
        Assert.Null(accept.ParentId);
    }

    [Fact]
    public void BeginTraces_PoolOfAClient_ReturnsTheSameJobs()
    {
        using var spans = new RecordedSpans("local");
        ImmutableArray<JobSpec> jobs = [CreateJob(1, null)];

        Assert.Equal(jobs, new PoolSpans("local", isOnCluster: false).BeginTraces(jobs));

        Assert.Empty(spans.Ended);
    }

    [Fact]
    public void RecordDispatch_JobHasWaited_SpanLastsAsLong()
    {
        using var spans = new RecordedSpans("dispatched");

        new PoolSpans("dispatched", isOnCluster: true).RecordDispatch([CreateJob(1, Parent)], _ => TimeSpan.FromSeconds(20));

        var dispatch = Assert.Single(spans.Ended);
        Assert.Equal((Trace, Span), (dispatch.TraceId.ToString(), dispatch.ParentSpanId.ToString()));
        Assert.InRange(dispatch.Duration, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(21));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c")]
    public void RecordDispatch_MalformedTrace_HasNoSpan(string parent)
    {
        using var spans = new RecordedSpans("malformed");

        new PoolSpans("malformed", isOnCluster: true).RecordDispatch([CreateJob(1, parent)], _ => TimeSpan.Zero);

        Assert.Empty(spans.Ended);
    }

    private static JobSpec CreateJob(long id, string? parent) => new(
        new JobId(id), new FunctionRef("Function", default), default,
        JobPolicy.Once with { Trace = parent is null ? null : new JobTrace(parent) });
}
