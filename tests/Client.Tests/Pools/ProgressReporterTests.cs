using Actors.Messages.Jobs;

namespace Actors.Client.Tests.Pools;

/// <summary>When the progress of a job is sent, by a virtual clock.</summary>
public sealed class ProgressReporterTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly VirtualClock _clock = new();
    private readonly List<(TimeSpan At, int Number, int Value)> _sent = [];

    [Fact]
    public void Report_ManyValues_SendsTheNewestTenTimesASecond()
    {
        using var reporter = Start();
        for (var i = 1; i <= 1000; i++)
        {
            Report(reporter, 0, i);
            if (i % 10 == 0)
                _clock.Advance(Step);
        }

        Assert.InRange(_sent.Count, 9, 11);
        Assert.All(_sent.Skip(1).Zip(_sent, (next, last) => next.At - last.At), pause => Assert.InRange(pause.TotalMilliseconds, 100, 110));
        Assert.Equal(_sent.Select(sent => sent.Value).Order(), _sent.Select(sent => sent.Value));
    }

    [Fact]
    public void Report_AfterAPause_IsSentAtOnce()
    {
        using var reporter = Start();
        Report(reporter, 0, 1);
        _clock.Advance(TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Report(reporter, 0, 2);

        _clock.Advance(TimeSpan.Zero);

        Assert.Equal([1, 2], _sent.Select(sent => sent.Value));
    }

    [Fact]
    public void Dispose_UnsentValues_AreSentOnceAndLaterOnesDropped()
    {
        var reporter = Start();
        Report(reporter, 0, 1);
        _clock.Advance(TimeSpan.Zero);
        Report(reporter, 0, 2);
        Report(reporter, 0, 3);
        Report(reporter, 1, 4);

        reporter.Dispose();
        Report(reporter, 0, 5);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([(0, 1), (0, 3), (1, 4)], _sent.Select(sent => (sent.Number, sent.Value)));
    }

    [Fact]
    public void Report_Inline_SendsOnTheReportingThread()
    {
        using var reporter = new ProgressReporter<int>(_clock, Record, sendsInline: true);

        Report(reporter, 0, 1);

        Assert.Equal(1, Assert.Single(_sent).Value);
    }

    /// <summary>Ten of the largest values a second, for all numbers together.</summary>
    [Fact]
    public void Report_LargeValuesOfManyNumbers_AreSentLessOften()
    {
        using var reporter = Start();
        for (var i = 0; i < 1000; i++)
        {
            for (var number = 0; number < 5; number++)
                reporter.Report(number, new byte[1 << 20]);
            _clock.Advance(Step);
        }

        // 10 s.
        Assert.InRange(_sent.Count, 90, 110);
    }

    private ProgressReporter<int> Start() => new(_clock, Record, sendsInline: false);

    private void Record(int number, ReadOnlyMemory<byte> value) => _sent.Add((_clock.Now, number, BitConverter.ToInt32(value.Span)));

    private static void Report(ProgressReporter<int> reporter, int number, int value) =>
        reporter.Report(number, BitConverter.GetBytes(value));
}
