using Actors.Programs;
using Actors.Runner;

namespace Actors.Cli.Tests;

public sealed class RunViewTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Fact]
    public async Task ShowAsync_JsonOfTuplesAndSpecialNumbers_HasTheirValues()
    {
        Assert.Equal(ExitCode.Success, await ShowAsync(
            isJson: true, Returned(1, (1, 2)), Returned(2, double.NaN), Returned(3, new List<double> { 1, double.PositiveInfinity })));

        Assert.Equal("""{"results":[{"item1":1,"item2":2},"NaN",[1,"Infinity"]],"failures":[]}""", _output.ToString().TrimEnd());
    }

    [Theory]
    [InlineData(true, """{"results":[1,null,null,3],"failures":[{"call":2,"error":"It returned a Node""")]
    [InlineData(false, "1\n\n\n3\n")]
    public async Task ShowAsync_ResultThatJsonCannotExpress_FailsItsCallOnly(bool isJson, string expected)
    {
        var cycle = new Node();
        cycle.Next = cycle;

        var exitCode = await ShowAsync(isJson, Returned(1, 1), Returned(2, cycle), Returned(3, new Thrower()), Returned(4, 3));

        Assert.Equal(ExitCode.Failure, exitCode);
        Assert.StartsWith(expected, _output.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "Call failed in line 2: It returned a Node that cannot be written as JSON", _errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("Call failed in line 3: It returned a Thrower that cannot be", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowAsync_Map_WritesOneLineForEachLine()
    {
        await ShowAsync(
            isJson: false, Returned(1, "a"), new CallOutcome(2, null, "failed"), Returned(3, null), Returned(4, "two\nlines"),
            Returned(5, "b"));

        Assert.Equal("a\n\n\n\"two\\nlines\"\nb\n", _output.ToString());
    }

    [Theory]
    [InlineData(false, false, "two\nlines", "two\nlines\n")]
    [InlineData(false, true, null, "")]
    [InlineData(true, false, null, "")]
    public async Task ShowAsync_OneCallOrNoResults_WritesResultsOnly(bool isMap, bool hasResult, string? result, string expected)
    {
        var view = new RunView(new CallSeries("Call", 1, isMap, hasResult || result is not null), isJson: false, _output, _errors);

        await view.ShowAsync(ProvideAsync(null, Returned(1, result)));

        Assert.Equal(expected, _output.ToString());
    }

    [Theory]
    [InlineData(false, "1\n\n3\n")]
    [InlineData(true, """{"results":[1,null,3],"failures":[{"call":2,"error":"The run ended before this call."}]}""" + "\n")]
    public async Task ShowAsync_Interrupted_WritesTheReceivedResults(bool isJson, string expected)
    {
        var view = new RunView(new CallSeries("Call", 9, IsMap: true, HasResult: true), isJson, _output, _errors);
        var outcomes = ProvideAsync(
            new CoordinatorLostException("lost"), Returned(1, 1), CallOutcome.CreateUnfinished(2), Returned(3, 3),
            CallOutcome.CreateUnfinished(4));

        await Assert.ThrowsAsync<CoordinatorLostException>(() => view.ShowAsync(outcomes));

        Assert.Equal((expected, "2 of 9 calls have ended.\n"), (_output.ToString(), _errors.ToString()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    private Task<int> ShowAsync(bool isJson, params CallOutcome[] outcomes) =>
        new RunView(new CallSeries("Call", outcomes.Length, IsMap: true, HasResult: true), isJson, _output, _errors)
            .ShowAsync(ProvideAsync(null, outcomes));

    private static async IAsyncEnumerable<CallOutcome> ProvideAsync(Exception? end, params CallOutcome[] outcomes)
    {
        foreach (var outcome in outcomes)
        {
            await Task.Yield();
            yield return outcome;
        }

        if (end is not null)
            throw end;
    }

    private static CallOutcome Returned(int call, object? result) => new(call, result, null);

    public sealed class Node
    {
        public Node? Next { get; set; }
    }

    public sealed class Thrower
    {
        public int Value => throw new ArgumentException("unlucky");
    }
}
