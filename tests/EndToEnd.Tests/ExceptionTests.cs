using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class ExceptionTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private readonly ProcessPool _pool = warm.Pool;

    [Fact]
    public async Task ApplyAsync_FunctionThrows_KeepsTypeMessageDataAndStack()
    {
        var exception = await _pool.ApplyAsync(ThrowWithData, "why").Fails<InvalidOperationException>();

        Assert.Equal("why", exception.Message);
        Assert.Equal("blue", exception.Data["color"]);
        Assert.Equal(7, exception.Data["number"]);
        Assert.Equal("inside", Assert.IsType<FormatException>(exception.InnerException).Message);
        Assert.Contains(nameof(ThrowWithData), exception.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_AsyncFunctionThrows_ThrowsTheExceptionItself()
    {
        var exception = await _pool.ApplyAsync(ThrowLater, 3).Fails<KeyNotFoundException>();

        Assert.Equal("3", exception.Message);
        Assert.Contains(nameof(ThrowLater), exception.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_OwnExceptionType_IsRecreated() =>
        Assert.Equal("own", (await _pool.ApplyAsync(() => ThrowOwn("own")).Fails<OwnException>()).Message);

    [Fact]
    public async Task ApplyAsync_ExceptionWithItsOwnConstructor_IsRecreated()
    {
        var exception = await _pool.ApplyAsync(ThrowOdd).Fails<OddException>();

        Assert.Equal(("odd 5 at x", 5), (exception.Message, exception.Number));
        Assert.Contains(nameof(ThrowOdd), exception.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_OwnException_KeepsFieldsForExceptionFilters()
    {
        var thrown = await _pool.ApplyAsync(() => ThrowNamed(7)).Fails<NamedException>();
        Assert.True(thrown is { Code: 7, Hidden: 8 });
        Assert.Equal(HttpStatusCode.NotFound, (await _pool.ApplyAsync(ThrowHttp).Fails<HttpRequestException>()).StatusCode);
    }

    /// <summary>The thrown classes are internal to the framework, or have constructors of their own only.</summary>
    [Fact]
    public async Task ApplyAsync_ExceptionOfTheFramework_MatchesItsCatchClause()
    {
        var json = await Assert.ThrowsAnyAsync<JsonException>(() => _pool.ApplyAsync(ParseJson, "{").Soon());
        Assert.Equal((0, 1), (json.LineNumber, json.BytePositionInLine));
        var pattern = await Assert.ThrowsAnyAsync<ArgumentException>(() => _pool.ApplyAsync(ParsePattern, "(").Soon());
        Assert.Equal(RegexParseError.InsufficientClosingParentheses, Assert.IsType<RegexParseException>(pattern).Error);
    }

    [Fact]
    public async Task MapAsync_OwnException_KeepsItsFields() =>
        Assert.Equal(3, (await _pool.MapAsync(n => n == 3 ? ThrowNamed(n) : n, Enumerable.Range(0, 10)).Fails<NamedException>()).Code);

    [Fact]
    public async Task ApplyAsync_VeryLargeFailure_ArrivesTruncatedWithMarkers()
    {
        var thrown = await _pool.ApplyAsync(ThrowLarge).Fails<AggregateException>();
        Assert.Equal(64, thrown.InnerExceptions.Count);
        Assert.EndsWith("more characters were cut]", (string)thrown.InnerExceptions[63].Data["k9"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_ExceptionWhoseMembersThrow_EndsTheJob() =>
        Assert.NotNull(await Record.ExceptionAsync(() => _pool.ApplyAsync(ThrowHostile).Soon()));

    [Fact]
    public async Task ApplyAsync_FunctionThrowsUnrequestedCancellation_KeepsItsException() =>
        Assert.Equal("mine", (await Record.ExceptionAsync(() => _pool.ApplyAsync(ThrowCanceled).Soon()))!.Message);

    [Fact]
    public async Task ApplyAsync_AfterAFailure_UsesTheSameWorker()
    {
        var before = _pool.Workers.Select(worker => worker.ProcessId).Order().ToArray();
        for (var i = 0; i < 50; i++)
            await _pool.ApplyAsync(ThrowLater, i).Fails<KeyNotFoundException>();

        Assert.Equal(before, _pool.Workers.Select(worker => worker.ProcessId).Order());
    }

    private static int ThrowWithData(string message) => throw new InvalidOperationException(message, new FormatException("inside"))
    {
        Data = { ["color"] = "blue", ["number"] = 7 },
    };

    private static async Task<int> ThrowLater(int key)
    {
        await Task.Yield();
        throw new KeyNotFoundException($"{key}");
    }

    private static int ThrowOwn(string message) => throw new OwnException(message);

    private static int ThrowOdd() => throw new OddException(5, ["x"]);

    private static int ThrowNamed(int code) => throw new NamedException($"n{code}", code + 1) { Code = code };

    private static int ThrowHttp() => throw new HttpRequestException("m", null, HttpStatusCode.NotFound);

    private static void ParseJson(string text) => JsonDocument.Parse(text).Dispose();

    private static void ParsePattern(string pattern) => _ = new Regex(pattern);

    private static int ThrowLarge() => throw new AggregateException(Enumerable.Range(0, 64).Select(_ =>
    {
        var exception = new InvalidOperationException("m");
        for (var k = 0; k < 10; k++)
            exception.Data["k" + k] = new string('x', 60_000);
        return exception;
    }));

    private static int ThrowHostile() => throw new HostileException();

    private static int ThrowCanceled() => throw new OperationCanceledException("mine");

    private sealed class OwnException(string message) : Exception(message);

    private sealed class OddException(int number, string[] positions) : Exception($"odd {number} at {positions[0]}")
    {
        public int Number { get; } = number;
    }

    private sealed class NamedException(string message) : Exception(message)
    {
        private readonly int _hidden;

        public NamedException(string message, int hidden) : this(message) => _hidden = hidden;

        public int Code { get; set; }

        public int Hidden => _hidden;
    }

    private sealed class HostileException : Exception
    {
        public override string Message => throw new FormatException();

        public override string? StackTrace => throw new FormatException();
    }
}
