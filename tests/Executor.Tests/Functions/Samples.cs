using System.Runtime.CompilerServices;

namespace Actors.Executor.Tests.Functions;

internal record Animal(string Name);

internal sealed record Dog(string Name, int Age) : Animal(Name);

internal sealed class Counter(int start)
{
    internal int Add(int amount) => start + amount;
}

internal sealed class Box<T>(T value)
{
    internal TOther[] Pair<TOther>(TOther first) => value is TOther mine ? [first, mine] : [first];

    internal static string NameOf(int rank) => typeof(T).Name + rank;
}

internal static class TextExtensions
{
    internal static string Shout(this Animal animal, int times) => string.Concat(Enumerable.Repeat(animal.Name + "!", times));
}

internal struct Stateful
{
    internal int Value;

    internal readonly int Get() => Value;
}

internal static class Functions
{
    private static readonly AsyncLocal<StrongBox<int>> Count = new();

    /// <summary>The value belongs to the test that set it, because other tests run at the same time.</summary>
    internal static int Runs
    {
        get => (Count.Value ??= new()).Value;
        set => (Count.Value ??= new()).Value = value;
    }

    internal static int Square(int x) => x * x;

    internal static void Run() => Runs++;

    internal static async Task<int> SquareAsync(int x)
    {
        await Task.Yield();
        return x * x;
    }

    internal static async Task RunAsync(int times)
    {
        await Task.Yield();
        Runs += times;
    }

    internal static ValueTask<int> SquareLater(int x) => new(SquareAsync(x));

    internal static ValueTask RunLater() => new(RunAsync(1));

    internal static int Positive(int x) => x >= 0 ? x : throw new ArgumentOutOfRangeException(nameof(x), x, "negative");

    internal static async Task<int> PositiveAsync(int x)
    {
        await Task.Yield();
        return Positive(x);
    }

    internal static List<T> Twice<T>(T item) => [item, item];

    internal static string Three(int a, string b, double c) => $"{a}{b}{c}";

    internal static Dog Adopt(Animal animal) => new(animal.Name, 1);

    internal static bool IsJobs(CancellationToken token) => token.CanBeCanceled;

    internal static Stream Open(int x) => new MemoryStream(x);

    internal static void Out(out int x) => x = 1;
}

internal class Greeter
{
    public string Greet() => "hello";

    public virtual string Name<T>(T value) => $"{value}";
}

internal sealed class LoudGreeter : Greeter
{
    public override string Name<T>(T value) => $"{value}!";
}

internal static class NullableText
{
    internal static int LengthOrZero(this string? text) => text?.Length ?? 0;
}
