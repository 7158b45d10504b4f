using System.Globalization;
using Actors.Runner;

namespace Actors.Cli.Tests;

public sealed class ArgumentTextsTests
{
    [Fact]
    public void ReadArguments_TextsOfManyTypes_AreConverted()
    {
        var arguments = Read(
            nameof(Functions.Describe), "plain \"text\"", "Friday", "2026-11-30", "[1,2]", "{\"x\":3}", "00:01:00", "null");

        Assert.Equal(
            "plain \"text\"|Friday|2026-11-30|1,2|3|00:01:00|none",
            typeof(Functions).GetMethod(nameof(Functions.Describe))!.Invoke(null, arguments));
    }

    [Fact]
    public void ReadArguments_OmittedArguments_HaveTheirDefaults() => Assert.Equal(
        [Guid.Empty, DayOfWeek.Friday, default(DateTimeOffset), null, 7m, DayOfWeek.Monday], Read(nameof(Functions.Default)));

    [Fact]
    public void ReadArguments_NaN_IsANumber() => Assert.Equal([double.NaN], Read(nameof(Functions.Halve), "NaN"));

    [Fact]
    public void ReadArguments_ParametersOfTheJob_AreSupplied()
    {
        var arguments = Read(nameof(Functions.Observe), "3");

        Assert.Equal([3, JobContext.Placeholder, CancellationToken.None], arguments.Where(argument => argument is not IProgress<double>));
        Assert.Equal(4, arguments.Length);
    }

    [Theory]
    [InlineData("'' is no double for the parameter number.", nameof(Functions.Halve), "")]
    [InlineData("'{\"value\":-1}' is no Positive for the parameter number.", nameof(Functions.Check), "{\"value\":-1}")]
    public void ReadArguments_WrongLine_NamesTheLine(string message, string method, string text)
    {
        var error = Assert.Throws<InvalidCallException>(
            () => ArgumentTexts.ReadArguments(typeof(Functions).GetMethod(method)!, [text], line: 4711));

        Assert.StartsWith($"Line 4711: {message}", error.Message, StringComparison.Ordinal);
        Assert.StartsWith(message, Assert.Throws<InvalidCallException>(() => Read(method, text)).Message, StringComparison.Ordinal);
    }

    private static object?[] Read(string method, params string[] texts) =>
        ArgumentTexts.ReadArguments(typeof(Functions).GetMethod(method)!, texts);

    public static class Functions
    {
        public static string Describe(string text, DayOfWeek day, DateOnly date, int[] numbers, Point point, TimeSpan time, int? none) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{text}|{day}|{date:yyyy-MM-dd}|{string.Join(',', numbers)}|{point.X}|{time}|{(none is null ? "none" : "some")}");

        public static void Default(
            Guid id = default, DayOfWeek? day = DayOfWeek.Friday, DateTimeOffset at = default, int? limit = null, decimal price = 7,
            DayOfWeek first = DayOfWeek.Monday) => _ = (id, day, at, limit, price, first);

        public static double Halve(double number) => number / 2;

        public static int Check(Positive number) => number.Value;

        public static void Observe(int number, JobContext job, IProgress<double> progress, CancellationToken token) =>
            _ = (number, job, progress, token);
    }

    public sealed record Point(int X);

    public sealed record Positive
    {
        public Positive(int value)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Value = value;
        }

        public int Value { get; }
    }
}
