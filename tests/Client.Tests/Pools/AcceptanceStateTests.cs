using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class AcceptanceStateTests
{
    private readonly AcceptanceState _state = new();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void BeginSubmission_NothingRequested_WaitsUnlessItIsTheOnlyJob(bool isOnlyJob, bool waits)
    {
        Assert.Equal(waits, _state.BeginSubmission(isOnlyJob, isUploading: false));
        Assert.Equal(waits, _state.IsInTransit);
    }

    [Fact]
    public void RequestNext_OnlyJob_IsAcknowledgedOnce()
    {
        _state.RequestNext();

        Assert.True(_state.BeginSubmission(isOnlyJob: true, isUploading: false));
        _state.ReleaseNext();
        Assert.False(_state.BeginSubmission(isOnlyJob: true, isUploading: false));
    }

    /// <summary>The job whose acceptance was requested may be one whose arguments are uploaded.</summary>
    [Fact]
    public void RequestNext_DuringUpload_IsRepeatedUntilNoneRuns()
    {
        _state.RequestNext();

        Assert.True(_state.BeginSubmission(isOnlyJob: true, isUploading: true));
        Assert.True(_state.BeginSubmission(isOnlyJob: true, isUploading: false));
        Assert.False(_state.BeginSubmission(isOnlyJob: true, isUploading: false));
    }

    [Fact]
    public void OnCompared_PoolKnowsTheRequestedSubmission_ReleasesTheNext()
    {
        _state.BeginSubmission(isOnlyJob: false, isUploading: false);
        _state.OnRequested(2);
        Assert.Equal((true, false), (_state.IsRequested(2), _state.IsRequested(3)));

        _state.OnCompared(1);
        Assert.True(_state.IsInTransit);
        _state.OnCompared(2);
        Assert.False(_state.IsInTransit);
    }

    [Fact]
    public void ResetNumbers_SubmissionInTransit_ReleasesTheNextAndRemembersTheReports()
    {
        _state.ReportAcceptance();
        _state.HoldNext();
        _state.OnRequested(2);

        _state.ResetNumbers();

        Assert.Equal((false, false, true), (_state.IsInTransit, _state.IsRequested(1), _state.IsReported));
    }
}
