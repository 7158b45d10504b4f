using System.Text.Json.Nodes;
using Actors.Cli.Running;
using Actors.Runner;

namespace Actors.Cli.Tests;

public sealed class FunctionSearchTests
{
    [Theory]
    [InlineData("Add", 2, "Add(Int32 one, Int32 other)")]
    [InlineData("Add", 1, "Add(Int32 one, Int32 other)")]
    [InlineData("Actors.Cli.Tests.FunctionSearchTests.Functions.Wait", 1, "Wait(Int32 milliseconds, CancellationToken token)")]
    public void FindMethod_ArgumentsFit_ReturnsIt(string name, int count, string expected) =>
        Assert.EndsWith($"+Functions.{expected}", FunctionSearch.DescribeMethod(
            FunctionSearch.FindMethod(typeof(Functions).Assembly, name, count)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Add", 3, "Add cannot be called with 3 arguments. Choose one of: ")]
    [InlineData("Twice", 1, "Several methods are named Twice. Give the full name of one of: ")]
    [InlineData("Generic", 1, "Generic cannot be called with 1 argument.")]
    [InlineData("Hidden", 0, "has no public static method Hidden in a public type. It has: ")]
    public void FindMethod_NoneOrSeveralFit_NamesTheChoices(string name, int count, string message) => Assert.Contains(
        message, Assert.Throws<InvalidCallException>(
            () => FunctionSearch.FindMethod(typeof(Functions).Assembly, name, count)).Message, StringComparison.Ordinal);

    [Fact]
    public void ReadArguments_TextsOfManyTypes_AreConverted()
    {
        var method = typeof(Functions).GetMethod(nameof(Functions.Describe))!;

        var arguments = ArgumentTexts.ReadArguments(
            method, ["plain \"text\"", "Friday", "2026-11-30", "[1,2]", "{\"x\":3}", "00:01:00", "null"]);

        Assert.Equal("plain \"text\"|Friday|2026-11-30|1,2|3|00:01:00|none", method.Invoke(null, arguments));
    }

    [Fact]
    public void Merge_TwoRuntimeConfigurations_HasTheFrameworksOfBothInTheLaterVersion()
    {
        var program = Parse("""{"runtimeOptions":{"framework":{"name":"A","version":"10.0.0"},"configProperties":{"one":1}}}""");
        var user = Parse("""
            {
              "runtimeOptions": {
                "frameworks": [{ "name": "A", "version": "9.0.0" }, { "name": "B", "version": "10.0.1" }],
                "configProperties": { "two": 2 }
              }
            }
            """);

        var merged = MergedRuntimeConfig.Merge(program, user);

        Assert.Equal(
            """{"configProperties":{"one":1,"two":2},"frameworks":[{"name":"A","version":"10.0.0"},{"name":"B","version":"10.0.1"}]}""",
            merged["runtimeOptions"]!.ToJsonString());
        Assert.Equal(program.ToJsonString(), MergedRuntimeConfig.Merge(program, null).ToJsonString());
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    public static class Functions
    {
        public static int Add(int one, int other = 1) => one + other;

        public static Task Wait(int milliseconds, CancellationToken token) => Task.Delay(milliseconds, token);

        public static void Twice(int number) => _ = number;

        public static void Twice(string text) => _ = text;

        public static void Generic<T>(T value) => _ = value;

        public static string Describe(string text, DayOfWeek day, DateOnly date, int[] numbers, Point point, TimeSpan time, int? none) =>
            $"{text}|{day}|{date:yyyy-MM-dd}|{string.Join(',', numbers)}|{point.X}|{time}|{(none is null ? "none" : "some")}";

        internal static void Hidden()
        {
        }
    }

    public sealed record Point(int X);
}
