using System.Diagnostics;

namespace Actors.Cluster.Tests;

/// <summary>The functions that the tests run in workers.</summary>
internal static class Functions
{
    public static int Square(int x) => x * x;

    public static int ProcessId() => Environment.ProcessId;

    public static void Sleep(TimeSpan time) => Thread.Sleep(time);

    /// <summary>Runs for some time, and returns where and when it began.</summary>
    public static Run Work(int index, int milliseconds)
    {
        var began = Stopwatch.GetTimestamp();
        Thread.Sleep(milliseconds);
        return new Run(index, Environment.ProcessId, began);
    }

    /// <summary>Creates a file when it begins, and ends when another file appears.</summary>
    public static int AwaitWord(string directory, int index)
    {
        File.Create(Path.Combine(directory, $"began-{index}")).Dispose();
        while (!File.Exists(Path.Combine(directory, "go")))
            Thread.Sleep(5);
        return index;
    }

    /// <summary>Waits for its cancellation, and writes the reason to a file.</summary>
    public static int WriteReason(string directory)
    {
        var job = JobContext.Current!;
        File.Create(Path.Combine(directory, "began")).Dispose();
        job.CancellationToken.WaitHandle.WaitOne();
        File.WriteAllText(Path.Combine(directory, "reason"), $"{job.CancellationReason}");
        return 0;
    }

    /// <summary>Stops when it is canceled. The next run returns the reason.</summary>
    public static string MoveAtCancellation(string directory)
    {
        var reason = Path.Combine(directory, "reason");
        if (File.Exists(reason))
            return $"{File.ReadAllText(reason)}, attempt {JobContext.Current!.Attempt}";
        WriteReason(directory);
        throw new OperationCanceledException();
    }

    /// <summary>Records its run in a file for each process.</summary>
    public static long Record(string directory, int index)
    {
        File.AppendAllText(Path.Combine(directory, $"{Environment.ProcessId}"), $"{index}\n");
        return Mixed(index);
    }

    /// <summary>Gets a result that no other job would return by mistake.</summary>
    public static long Mixed(int index) => (index + 1) * 0x5DEECE66DL % 1_000_003;

    public static int Produce(ManagedQueue<int> queue, int count)
    {
        for (var i = 0; i < count; i++)
            queue.Put(i);
        return Environment.ProcessId;
    }

    public static (List<int> Items, int ProcessId) Consume(ManagedQueue<int> queue, int count) =>
        ([.. Enumerable.Range(0, count).Select(_ => queue.Get())], Environment.ProcessId);

    public static void HoldForEver(ManagedLock managedLock, ManagedQueue<int> held)
    {
        using var hold = managedLock.Acquire();
        held.Put(Environment.ProcessId);
        Thread.Sleep(Timeout.Infinite);
    }

    public static void Print()
    {
        Console.WriteLine("printed");
        Console.Error.WriteLine("complained");
    }

    public static int Length(byte[] bytes) => bytes.Length;

    public static byte[] Bytes(int length) => new byte[length];

    public static byte[] Inverted(byte[] bytes) => Array.ConvertAll(bytes, part => (byte)~part);

    /// <summary>Reports that it has received the bytes, and returns them inverted when it is allowed to.</summary>
    public static byte[] InvertedWhenTold(byte[] bytes, ManagedQueue<int> begun, ManagedQueue<int> go)
    {
        begun.Put(Environment.ProcessId);
        go.Get();
        return Inverted(bytes);
    }

    public static void Ignore(byte[] bytes)
    {
    }

    public static void PutBytes(ManagedQueue<byte[]> queue, int length) => queue.Put(new byte[length]);

    public static void ThrowLarge()
    {
        var exception = new ArithmeticException("large " + new string('x', 1 << 20));
        for (var i = 0; i < 100; i++)
            exception.Data[$"{i}"] = new string('y', 1 << 20);
        throw exception;
    }
}

/// <summary>One run of <see cref="Functions.Work"/>.</summary>
/// <param name="Index">The job.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="Began">The start, by the clock of the machine.</param>
public sealed record Run(int Index, int ProcessId, long Began);
