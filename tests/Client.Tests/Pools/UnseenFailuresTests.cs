using System.Collections.Concurrent;
using Actors.Logging;
using Actors.Messages;
using Actors.Pools;
using Actors.Testing;

namespace Actors.Client.Tests.Pools;

/// <summary>Reports of failures that the program has not observed. Alone: it receives all messages of the process.</summary>
[Collection(RunsAlone.Name)]
public sealed class UnseenFailuresTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly VirtualClock _clock = new();
    private readonly UnseenFailures _failures;
    private readonly BlockingCollection<ClientMessage> _logged = [];
    private int _jobs;

    public UnseenFailuresTests()
    {
        _failures = new UnseenFailures(_clock);
        ClientLog.AddReceiver(Receive);
    }

    public void Dispose()
    {
        ClientLog.RemoveReceiver(Receive);
        _logged.Dispose();
    }

    [Fact]
    public void TakeReports_TwoFailures_ReportsEachOnceWithItsException()
    {
        var watches = new[] { AddFailure(), AddFailure() };

        var reports = _failures.TakeReports();

        Assert.Equal(
            [
                "ProcessPool: Job 1 (F) failed and the failure was never observed. Await the handle, or set ErrorCallback.",
                "ProcessPool: Job 2 (F) failed and the failure was never observed. Await the handle, or set ErrorCallback.",
            ],
            reports.Select(report => report.Text));
        Assert.Equal(["failure 1", "failure 2"], reports.Select(report => report.Exception!.Message));
        Assert.Empty(_failures.TakeReports());
        GC.KeepAlive(watches);
    }

    [Fact]
    public void TakeReports_MoreThanTheLimit_CountsTheOthers()
    {
        var watches = Enumerable.Range(0, UnseenFailures.MaxReports + 1000).Select(_ => AddFailure()).ToList();

        var reports = _failures.TakeReports();

        Assert.Equal(UnseenFailures.MaxReports + 1, reports.Count);
        Assert.StartsWith("ProcessPool: 1,000 more jobs failed and", reports[^1].Text, StringComparison.Ordinal);
        GC.KeepAlive(watches);
    }

    [Fact]
    public void MarkSeen_BeforeAndAfterTheReports_RemovesTheFailureOnce()
    {
        var (seen, reported, late) = (AddFailure(), AddFailure(), AddFailure());
        seen.MarkSeen();
        Assert.Equal(2, _failures.TakeReports().Count);

        reported.MarkSeen();

        var again = AddFailure();
        Assert.Contains("Job 4 ", Assert.Single(_failures.TakeReports()).Text, StringComparison.Ordinal);
        GC.KeepAlive((late, again));
    }

    /// <summary>The finalizer calls <see cref="FailureWatch.ReportForgotten"/>.</summary>
    [Fact]
    public void ReportForgotten_OpenFailure_IsLoggedAtOnceAndNotAtTheEnd()
    {
        var (first, second) = (AddFailure(), AddFailure());

        first.ReportForgotten();

        Assert.True(_logged.TryTake(out var message, Longest));
        Assert.Equal((ClientEvent.FailureUnobserved, "failure 1"), (message.Event, message.Exception!.Message));
        Assert.Contains("Job 2 ", Assert.Single(_failures.TakeReports()).Text, StringComparison.Ordinal);
        GC.KeepAlive(second);
    }

    [Fact]
    public void ReportForgotten_ManyFailuresInAMinute_LogsTenAndTheOthersAtTheEnd()
    {
        var watches = Enumerable.Range(0, UnseenFailures.MaxReports + 5).Select(_ => AddFailure()).ToList();

        watches[..^2].ForEach(watch => watch.ReportForgotten());
        _clock.Advance(TimeSpan.FromMinutes(1));
        watches[^1].ReportForgotten();

        for (var i = 0; i <= UnseenFailures.MaxReports; i++)
            Assert.True(_logged.TryTake(out _, Longest));
        Assert.Equal(4, _failures.TakeReports().Sum(CountJobs));
        Assert.Empty(_logged);
    }

    private static int CountJobs(ClientMessage report) =>
        report.Exception is not null ? 1 : int.Parse(report.Text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    private FailureWatch AddFailure() =>
        _failures.AddFailure(new CallName(new JobId(++_jobs), "F"), new FormatException($"failure {_jobs}"));

    private void Receive(ClientMessage message) => _logged.Add(message);
}
