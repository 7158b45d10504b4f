using CsCheck;

namespace UserFunctions;

public static class Numbers
{
    public static int Square(int number) => number == 13 ? throw new ArgumentException("unlucky") : number * number;

    public static string Greet(string name, DayOfWeek day, int times = 2) =>
        string.Join(' ', Enumerable.Repeat($"{name}/{day}", times));

    public static long Sum(int[] numbers, long more) => numbers.Sum() + more;

    /// <summary>Uses the package, and runs in another process than the caller.</summary>
    public static int PackageAndProcess() => Gen.Const(Environment.ProcessId).Single();

    public static async Task WaitAsync(int milliseconds, CancellationToken cancellationToken)
    {
        Console.WriteLine($"waits in {Environment.ProcessId}");
        await Task.Delay(milliseconds, cancellationToken);
    }

    public static (int Least, int Greatest) FindRange(int[] numbers) => (numbers.Min(), numbers.Max());

    public static async Task<int> WaitAndReturn(int milliseconds)
    {
        await Task.Delay(milliseconds);
        return milliseconds;
    }

    public static void Overloaded(int number) => _ = number;

    public static void Overloaded(string text) => _ = text;
}
