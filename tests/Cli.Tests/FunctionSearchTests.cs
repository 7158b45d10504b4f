using System.Text.RegularExpressions;
using Actors.Runner;

namespace Actors.Cli.Tests;

public sealed partial class FunctionSearchTests
{
    [Theory]
    [InlineData("Add", 2, "Add(int one, int other)")]
    [InlineData("Add", 1, "Add(int one, int other)")]
    [InlineData("Functions.Add", 1, "Add(int one, int other)")]
    [InlineData("FunctionSearchTests+Functions.Add", 1, "Add(int one, int other)")]
    [InlineData("Actors.Cli.Tests.FunctionSearchTests+Functions.Add", 1, "Add(int one, int other)")]
    [InlineData("Actors.Cli.Tests.FunctionSearchTests.Functions.Wait", 1, "Wait(int milliseconds, CancellationToken token)")]
    [InlineData("FunctionSearchTests.Functions.Observe", 1, "Observe(int number, JobContext job, IProgress<double> progress)")]
    [InlineData("Twice(int)", 1, "Twice(int number)")]
    [InlineData("Twice(Int32)", 1, "Twice(int number)")]
    [InlineData("Functions.Twice( System.String )", 1, "Twice(string text)")]
    [InlineData("Twice(Dictionary<string,int[]>, int?)", 2, "Twice(Dictionary<string, int[]> numbers, int? limit)")]
    [InlineData("Wait(int)", 1, "Wait(int milliseconds, CancellationToken token)")]
    public void FindMethod_ArgumentsFit_ReturnsIt(string name, int count, string expected) =>
        Assert.Equal($"Actors.Cli.Tests.FunctionSearchTests.Functions.{expected}", MethodText.DescribeMethod(FindMethod(name, count)));

    [Theory]
    [InlineData("Add", 3, "Add cannot be called with 3 arguments. Give one of these, in quotation marks: ")]
    [InlineData("Twice", 1, "Several methods fit Twice. Give one of these, in quotation marks: ")]
    [InlineData("Twice(long)", 1, "No Twice has these parameters. Give one of these, in quotation marks: ")]
    [InlineData("Twice(int", 1, "have no end")]
    [InlineData("Generic", 1, "Functions.Generic(T value) is a generic method")]
    [InlineData("OfGenericType", 1, "Holder<T>.OfGenericType(T value) is a method of a generic type")]
    [InlineData("Increment", 1, "Functions.Increment(ref int number) has the parameter number, which is a reference.")]
    [InlineData("Slice", 1, "has the parameter numbers, which is a reference.")]
    [InlineData("Five", 5, "has 5 parameters, and a pool calls methods with at most 4.")]
    [InlineData("Hidden", 0, "has no public static method Hidden in a public type. The nearest of its ")]
    public void FindMethod_NoneOrSeveralFit_NamesTheRemedy(string name, int count, string message) =>
        Assert.Contains(message, FindError(name, count), StringComparison.Ordinal);

    [Theory]
    [InlineData("Twice", 1, 2)]
    [InlineData("Same", 1, 2)]
    [InlineData("Twice(long)", 1, 3)]
    public void FindMethod_ListedChoice_IsAcceptedAsListed(string name, int count, int expected)
    {
        var choices = Quoted().Matches(FindError(name, count)).Select(choice => choice.Groups[1].Value).ToList();

        Assert.Equal(expected, choices.Distinct().Count());
        Assert.Equal(
            expected, choices.Select(choice => FindMethod(choice, choice.Contains("Dictionary", StringComparison.Ordinal) ? 2 : count))
                .Distinct().Count());
    }

    [Fact]
    public void FindMethod_MisspelledName_ListsTheNearestOnly()
    {
        var choices = Quoted().Matches(FindError("Functions.incremnt", 1)).Select(choice => choice.Groups[1].Value).ToList();

        Assert.Equal(5, choices.Count);
        Assert.Equal("Actors.Cli.Tests.FunctionSearchTests.Functions.Increment(ref int number)", choices[0]);
    }

    private static System.Reflection.MethodInfo FindMethod(string name, int count) =>
        FunctionSearch.FindMethod(typeof(Functions).Assembly, name, count);

    private static string FindError(string name, int count) =>
        Assert.Throws<InvalidCallException>(() => FindMethod(name, count)).Message;

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    public static class Functions
    {
        public static int Add(int one, int other = 1) => one + other;

        public static Task Wait(int milliseconds, CancellationToken token) => Task.Delay(milliseconds, token);

        public static void Observe(int number, JobContext job, IProgress<double> progress) => progress.Report(number);

        public static void Twice(int number) => _ = number;

        public static void Twice(string text) => _ = text;

        public static void Twice(Dictionary<string, int[]> numbers, int? limit) => _ = (numbers, limit);

        public static void Same(First.Item item) => _ = item;

        public static void Same(Second.Item item) => _ = item;

        public static void Generic<T>(T value) => _ = value;

        public static void Increment(ref int number) => number++;

        public static int Slice(ReadOnlySpan<int> numbers) => numbers.Length;

        public static int Five(int a, int b, int c, int d, int e) => a + b + c + d + e;

        internal static void Hidden()
        {
        }
    }

    public static class Holder<T>
    {
#pragma warning disable CA1000 // Such a method is refused.
        public static void OfGenericType(T value) => _ = value;
#pragma warning restore CA1000
    }

    public static class First
    {
        public sealed record Item(int X);
    }

    public static class Second
    {
        public sealed record Item(int X);
    }
}
