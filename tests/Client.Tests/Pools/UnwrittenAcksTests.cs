using Actors.Messages;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class UnwrittenAcksTests
{
    private readonly UnwrittenAcks _taken = new();

    [Fact]
    public void OnAccepted_FirstOfTwoSubmissions_KeepsLaterAcknowledgments()
    {
        _taken.AddJobs([new JobId(1)]);
        _taken.OnSubmitted();
        _taken.AddJobs([new JobId(2)]);
        _taken.OnSubmitted();
        _taken.AddJobs([new JobId(3)]);

        Assert.Equal([1, 2, 3], Left());
        _taken.OnAccepted();
        Assert.Equal([2, 3], Left());
        _taken.OnAccepted();
        Assert.Equal([3], Left());
    }

    [Fact]
    public void OnLost_SubmissionInTransit_RetainsAllJobs()
    {
        _taken.AddJobs([new JobId(1)]);
        _taken.OnSubmitted();

        _taken.OnLost();
        _taken.OnAccepted();

        Assert.Equal([1], Left());
        _taken.OnSubmitted();
        _taken.OnAccepted();
        Assert.Empty(Left());
    }

    private IEnumerable<long> Left() => _taken.Jobs.Select(job => job.Value);
}
