using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Text.Json;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>
/// Reads malformed bytes in a separate process. The arguments are a file for the report, a seed, the number of inputs for each target, and
/// a prefix of the targets' names. Before each input it writes the number of the input to a mapped file, which remains after a crash.
/// </summary>
internal static class FuzzProgram
{
    /// <summary>
    /// The bytes that an input may allocate besides a multiple of its length. Exceptions and stack traces need most of them.
    /// </summary>
    private const int AllocationAllowed = 100_000;
    private const int AllocationPerByte = 64;

    private const int MostFaults = 20;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    public static int Main(string[] arguments)
    {
        if (arguments is not [var path, var seed, var inputs, var targets])
            return 2;
        var report = new FuzzReport();
        using var progress = MemoryMappedFile.CreateFromFile($"{path}.progress", FileMode.Create, null, 2 * sizeof(long));
        using var position = progress.CreateViewAccessor();
        var all = FuzzTargets.All;
        for (var i = 0; i < all.Count; i++)
        {
            position.Write(0, (long)i);
            if (all[i].Name.StartsWith(targets, StringComparison.Ordinal))
            {
                Run(all[i], new Mutator(int.Parse(seed, CultureInfo.InvariantCulture)), int.Parse(inputs, CultureInfo.InvariantCulture),
                    position, report);
            }
        }

        File.WriteAllText(path, JsonSerializer.Serialize(report));
        return 0;
    }

    private static void Run(IFuzzTarget target, Mutator mutator, int inputs, MemoryMappedViewAccessor position, FuzzReport report)
    {
        // The first use of a type allocates memory that must not count for an input.
        foreach (var sample in target.Samples)
            target.Read(sample);
        _ = Attempt(target, []);
        for (var number = 0; number < inputs; number++)
        {
            position.Write(sizeof(long), (long)number);
            Measure(target, mutator.Make(target.Samples, number), number, report);
        }
    }

    private static void Measure(IFuzzTarget target, byte[] bytes, int number, FuzzReport report)
    {
        var (before, began) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        var exception = Attempt(target, bytes);
        var (time, allocated) = (Stopwatch.GetElapsedTime(began), GC.GetAllocatedBytesForCurrentThread() - before);
        report.Inputs++;
        var allowed = target.Memory + (long)bytes.Length * AllocationPerByte;
        report.MostAllocated = Math.Max(report.MostAllocated, allocated - allowed);
        report.Slowest = Math.Max(report.Slowest, time.TotalMilliseconds);
        if (exception?.GetType() == target.Documented)
            report.Refused++;
        else if (exception is not null)
            Add(report, $"{target.Name} input {number}: {exception.GetType()}: {exception.Message}\n{exception.StackTrace}", bytes);
        if (allocated > AllocationAllowed + allowed)
            Add(report, $"{target.Name} input {number} allocated {allocated} bytes", bytes);
        if (time > Slow)
            Add(report, $"{target.Name} input {number} took {time}", bytes);
    }

    private static Exception? Attempt(IFuzzTarget target, byte[] bytes)
    {
#pragma warning disable CA1031 // The fuzzer looks for undocumented exceptions of any type.
        try
        {
            target.Read(bytes);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
#pragma warning restore CA1031
    }

    private static void Add(FuzzReport report, string fault, byte[] bytes)
    {
        if (report.Faults.Count < MostFaults)
            report.Faults.Add($"{fault}\n{Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 2048)))}");
    }
}
