namespace Actors.Testing.Tests;

/// <summary>The functions that the tests submit.</summary>
internal static class Jobs
{
    private static readonly AsyncLocal<List<string>?> Recorded = new();

    /// <summary>Collects the arguments of <see cref="Record"/>, for the current test.</summary>
    public static List<string> StartRecording() => Recorded.Value = [];

    public static int Square(int x) => x * x;

    public static string Join(int number, string text) => $"{number}{text}";

    public static void Record(string text)
    {
        lock (Recorded.Value!)
            Recorded.Value.Add(text);
    }

    public static int RecordAndSquare(int x)
    {
        Record($"{x}");
        return x * x;
    }

    public static int Divide(int x) => x == 0 ? throw new DivideByZeroException("zero") : 100 / x;

    public static int CountAndAdd(List<int> numbers)
    {
        numbers.Add(1);
        return numbers.Count;
    }

    public static Stream Open() => Stream.Null;

    public static async Task<int> SquareLaterAsync(int x)
    {
        await Task.Yield();
        return x * x;
    }

    public static int ThreadId() => Environment.CurrentManagedThreadId;

    public static int ProcessId() => Environment.ProcessId;

    public static bool WaitForCancellation(CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne();
        cancellationToken.ThrowIfCancellationRequested();
        return false;
    }
}
