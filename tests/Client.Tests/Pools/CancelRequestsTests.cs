using Actors.Messages;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class CancelRequestsTests
{
    private readonly CancelRequests _requests = new();

    [Fact]
    public void TakeCancellations_SomeJobsAreSent_TakesTheseAndRepeatsThem()
    {
        _requests.AddUnsentCancellation(new JobId(1));
        _requests.AddUnsentCancellation(new JobId(2));

        Assert.Equal([new JobId(1)], _requests.TakeCancellations(static job => job.Value < 2).ToArray());
        Assert.Equal([new JobId(1)], _requests.Repeated.ToArray());
        Assert.True(_requests.HasUnsent);
        Assert.Equal([new JobId(2)], _requests.TakeCancellations(static _ => true).ToArray());
        Assert.False(_requests.HasUnsent);

        _requests.RemoveRepeated(new JobId(1));
        Assert.Equal([new JobId(2)], _requests.Repeated.ToArray());
        _requests.RemoveRepeated(new JobId(2));
        Assert.False(_requests.HasRepeated);
    }

    [Fact]
    public void TakeWithdrawals_SentJob_IsTakenOnceAndNotRepeated()
    {
        _requests.AddUnsentWithdrawal(new JobId(1));

        Assert.Empty(_requests.TakeWithdrawals(static _ => false));
        Assert.Equal([new JobId(1)], _requests.TakeWithdrawals(static _ => true).ToArray());
        Assert.Empty(_requests.TakeWithdrawals(static _ => true));
        Assert.False(_requests.HasRepeated);
    }

    [Fact]
    public void CreateWithdrawal_SeveralRequests_NumbersThem() =>
        Assert.Equal((1, 2), (_requests.CreateWithdrawal([]).Number, _requests.CreateWithdrawal([]).Number));

    [Fact]
    public void OnDisconnected_UnsentRequests_ForgetsTheWithdrawalsAlone()
    {
        _requests.AddUnsentCancellation(new JobId(1));
        _requests.AddUnsentWithdrawal(new JobId(2));

        _requests.OnDisconnected();

        Assert.Empty(_requests.TakeWithdrawals(static _ => true));
        Assert.Equal([new JobId(1)], _requests.TakeCancellations(static _ => true).ToArray());
    }

    [Fact]
    public void Restart_AllJobsAreSentAgain_ForgetsTheCancellations()
    {
        _requests.AddUnsentCancellation(new JobId(1));
        _requests.AddRepeated(new JobId(2));
        _requests.WithdrawAll();

        _requests.Restart();

        Assert.Equal((false, false, true), (_requests.HasUnsent, _requests.HasRepeated, _requests.WithdrawsAll));
    }
}
