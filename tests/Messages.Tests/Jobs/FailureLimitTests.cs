using System.Globalization;
using Actors.Messages.Jobs;

namespace Actors.Messages.Tests.Jobs;

public class FailureLimitTests
{
    [Theory]
    [InlineData(65_537)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void LongText_EndsWithHowMuchIsMissing(int length)
    {
        var cut = FailureConverter.ToFailure(new InvalidOperationException(new string('x', length))).Message;

        Assert.Equal(FailureLimits.MaxText, cut.Length);
        Assert.Equal(length, cut.Count(c => c == 'x') + NumberIn(cut));
    }

    [Fact]
    public void TextThatIsCutTwice_SaysHowMuchIsMissingInAll()
    {
        var cut = FailureLimits.CutText(FailureLimits.CutText(new string('x', 1_000_000)), 1_000)!;

        Assert.Equal((1_000, 1_000_000), (cut.Length, cut.Count(c => c == 'x') + NumberIn(cut)));
    }

    [Fact]
    public void LongestText_IsNotCut() =>
        Assert.Equal(
            new string('x', FailureLimits.MaxText), FailureConverter.ToFailure(
                new InvalidOperationException(new string('x', FailureLimits.MaxText))).Message);

    [Fact]
    public void LongChain_EndsWithHowManyAreMissing()
    {
        Exception chain = new InvalidOperationException("last");
        for (var i = 0; i < 50; i++)
            chain = new InvalidOperationException($"{i}", chain);

        var messages = new List<string>();
        for (var inner = Back(chain).InnerException; inner is not null; inner = inner.InnerException)
            messages.Add(inner.Message);

        Assert.Equal(10, messages.Count);
        Assert.Equal("[41 more inner exceptions were cut]", messages[^1]);
    }

    [Fact]
    public void ChainThatFits_HasNoMarker()
    {
        Exception chain = new InvalidOperationException("last");
        for (var i = 0; i < 10; i++)
            chain = new InvalidOperationException($"{i}", chain);

        var back = Back(chain);

        Assert.Equal("last", back.GetBaseException().Message);
    }

    [Fact]
    public void AggregateOfVeryMany_EndsWithHowManyAreMissing()
    {
        var back = Assert.IsType<AggregateException>(
            Back(new AggregateException(Enumerable.Range(0, 1_000).Select(i => new FormatException($"{i}")))));

        Assert.Equal("126", back.InnerExceptions[126].Message);
        Assert.Equal("[873 more inner exceptions were cut]", Assert.IsType<RemoteException>(back.InnerExceptions[^1]).Message);
    }

    [Fact]
    public void DataOfVeryManyEntries_SaysHowManyAreMissing()
    {
        var exception = new FormatException("m");
        for (var i = 0; i < 250; i++)
            exception.Data[$"{i}"] = i;

        var data = Back(exception).Data;

        Assert.Equal((99, false), (data["99"], data.Contains("100")));
        Assert.Equal("150 more entries of Data", data[FailureLimits.MissingKey]);
    }

    [Fact]
    public void LargeFailure_IsCutUntilItFits_WithMarkers()
    {
        var thrown = new AggregateException(Enumerable.Range(0, 64).Select(i => Large($"m{i}")));

        var failure = FailureConverter.ToFailure(thrown);

        Assert.InRange(WireLimits.SizeOf(failure), 0, FailureLimits.LargestFailure);
        var back = Assert.IsType<AggregateException>(FailureConverter.ToException(failure, "here"));
        Assert.Equal(Enumerable.Range(0, 64).Select(i => $"m{i}"), back.InnerExceptions.Select(inner => inner.Message));
        var text = (string)back.InnerExceptions[63].Data["k9"]!;
        Assert.Equal(60_000, text.Count(c => c == 'x') + NumberIn(text));
    }

    [Fact]
    public void FailureOfAPeerThatKnowsNoLimits_FitsToo()
    {
        var failure = FailureInfo.FromMessage("T", new string('x', 5_000_000));
        for (var i = 0; i < 20; i++)
        {
            failure = FailureInfo.FromMessage("T", new string('y', 1_000_000)) with
            {
                Inner = failure,
                MoreInner = [.. Enumerable.Repeat(FailureInfo.FromMessage("T", "m"), 500)]
            };
        }

        Assert.InRange(WireLimits.SizeOf(FailureLimits.FitFailure(failure)), 0, FailureLimits.LargestFailure);
    }

    private static InvalidOperationException Large(string message)
    {
        var exception = new InvalidOperationException(message);
        for (var k = 0; k < 10; k++)
            exception.Data["k" + k] = new string('x', 60_000);
        return exception;
    }

    private static int NumberIn(string text) => int.Parse(
        text[(text.LastIndexOf('[') + 1)..text.IndexOf(" more characters were cut]", StringComparison.Ordinal)],
        NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static Exception Back(Exception exception) => FailureConverter.ToException(FailureConverter.ToFailure(exception), "here");
}
