using Actors.Messages;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class UnwrittenTakenTests
{
    private readonly UnwrittenTaken _taken = new();

    [Fact]
    public void Accepted_OfTheFirstOfTwo_SaysNothingOfWhatCameBehindIt()
    {
        _taken.Add([new JobId(1)]);
        _taken.Submitted();
        _taken.Add([new JobId(2)]);
        _taken.Submitted();
        _taken.Add([new JobId(3)]);

        Assert.Equal([1, 2, 3], Left());
        _taken.Accepted();
        Assert.Equal([2, 3], Left());
        _taken.Accepted();
        Assert.Equal([3], Left());
    }

    [Fact]
    public void Lost_WithASubmissionUnderWay_KeepsAll()
    {
        _taken.Add([new JobId(1)]);
        _taken.Submitted();

        _taken.Lost();
        _taken.Accepted();

        Assert.Equal([1], Left());
        _taken.Submitted();
        _taken.Accepted();
        Assert.Empty(Left());
    }

    private IEnumerable<long> Left() => _taken.Jobs.Select(job => job.Value);
}
