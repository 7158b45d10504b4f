using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Actors.EndToEnd.Tests.Support;
using Xunit.Abstractions;

namespace Actors.EndToEnd.Tests;

/// <summary>
/// A job writes malformed frames to its node. Its worker ends within a second, the job fails with a typed exception, and no other job is
/// affected.
/// </summary>
public sealed partial class HostileJobTests(ITestOutputHelper output)
{
    /// <summary>
    /// The longest time from the arrival of a frame to the exception of its job. The quick suite runs many tests at once and allows more.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(LongTests.Skip is null ? 1 : 4);

    /// <summary>The id of a job that does not exist.</summary>
    private const long NoJob = 7777;

    /// <summary>The defect of each frame, and a function that makes the frame for the job with an id.</summary>
    private static readonly (string Defect, Func<long, string> Make)[] Frames =
    [
        ("a negative length", _ => "FFFFFFFF07"),
        ("the smallest length", _ => "0000008007"),
        ("no kind", _ => "0000000000"),
        ("an unknown kind", _ => "01000000C8"),
        ("a kind of the node", _ => "0100000006"),
        ("an oversized frame of a short kind", _ => "0000100014"),
        ("status 200", job => Done(job, "C8" + "00" + "00000000")),
        ("a status that only a pool may set", job => Done(job, "07" + "00" + "00000000")),
        ("a failed status without a failure", job => Done(job, "01" + "00" + "00000000")),
        ("a success status with a failure", job => Done(job, "00" + "01" + Zeros(4 * 6) + "00" + Zeros(8) + "00000000")),
        ("an outcome of another job", _ => Done(NoJob, "00" + "00" + "00000000")),
        ("an outcome twice", job => Frame(7, Zeros(8) + "02000000" + Outcome(job) + Outcome(job))),
        ("no outcome", _ => Frame(7, Zeros(8) + "00000000")),
        ("more outcomes than bytes", _ => Frame(7, Zeros(8) + "FFFFFF7F")),
        ("a negative number of outcomes", _ => Frame(7, Zeros(8) + "FEFFFFFF")),
        ("a negative duration", job => Frame(7, "FFFFFFFFFFFFFFFF" + "01000000" + Outcome(job))),
        ("trailing bytes", job => Frame(7, Zeros(8) + "01000000" + Outcome(job) + "00")),
        ("a result in a missing file", job => Frame(20, Zeros(8) + Long(job))),
        ("a return of another job", _ => Frame(9, "01000000" + Long(NoJob))),
        ("a reply without a request", _ => Frame(22, Long(1000) + "00000000")),
        ("a failed initializer", _ => Frame(4, "01" + Zeros(4 * 6) + "00" + Zeros(8))),
        ("a failed initializer without a failure", _ => Frame(4, "00")),
        ("a second ready frame", _ => Frame(3, "")),
        ("jobs without a request", _ => Frame(22, Long(0) + "00000000")),
        ("a ready frame with trailing bytes", _ => Frame(3, "00")),
        ("a truncated call", _ => Frame(12, Zeros(20))),
        ("a call with more values than bytes", _ => Frame(12, Zeros(16 + 8 + 1 + 8 + 8) + "FFFFFF7F")),
        ("a call with a negative timeout", _ => Frame(12, Zeros(16 + 8) + "01" + "00000000000000FF" + Zeros(8) + "00000000")),
        ("a call with trailing bytes", _ => Frame(12, Zeros(16 + 8 + 1 + 8 + 8) + "00000000" + "00")),
        ("a truncated caller", _ => Frame(17, "0000")),
    ];

    [LongFact]
    public async Task MalformedFrame_WrittenByAJob_EndsOnlyItsWorker()
    {
        await using var own = await TestPool.StartAsync(2);
        using var checkpoint = new Checkpoint();
        var other = own.Pool.ApplyAsync(Wait, 3, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var submitted = 1L;
        foreach (var (defect, make) in Frames)
        {
            var message = await LoseWorkerAsync(own.Pool.ApplyAsync(WriteToNode, make(++submitted), checkpoint.Port), checkpoint, defect);
            var isOfAnotherJob = defect is "an outcome twice" || defect.EndsWith("of another job", StringComparison.Ordinal);
            Assert.Equal(isOfAnotherJob, message.Contains("which it does not have", StringComparison.Ordinal));
        }

        held.Release();
        Assert.Equal(3, await other.Soon());
        Assert.Equal(10, await own.Pool.ApplyAsync(Double, 5).Soon());
    }

    /// <summary>The pool must not wait for the program, although it inherits the output of its worker.</summary>
    [Fact]
    public async Task MalformedFrame_ProgramOfTheJobHoldsTheOutput_EndsTheJobAsSoon()
    {
        await using var own = await TestPool.StartAsync(1);
        using var checkpoint = new Checkpoint();
        await LoseWorkerAsync(
            own.Pool.ApplyAsync(StartAndWriteToNode, "FFFFFFFF07", checkpoint.Port), checkpoint, "a program that holds the output");
    }

    /// <summary>The node is this process. It would end if it mapped the file.</summary>
    [Fact]
    public async Task TruncatedProgressFile_OfItsWorker_EndsOnlyTheWorker()
    {
        await using var own = await TestPool.StartAsync(2);
        using var checkpoint = new Checkpoint();
        var other = own.Pool.ApplyAsync(Wait, 3, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        var lost = await Assert.ThrowsAsync<WorkerLostException>(async () => await own.Pool.ApplyAsync(TruncateProgress, 1).Soon());

        Assert.Contains("malformed frame", lost.Message, StringComparison.Ordinal);
        held.Release();
        Assert.Equal(3, await other.Soon());
        Assert.Equal(10, await own.Pool.ApplyAsync(Double, 5).Soon());
    }

    /// <returns>The message of the job's exception.</returns>
    private async Task<string> LoseWorkerAsync(JobHandle<int> hostile, Checkpoint checkpoint, string defect)
    {
        // The measurement begins when the new worker has started, because replacing the previous worker takes longer.
        using var writer = await checkpoint.NextAsync();
        var began = Stopwatch.GetTimestamp();
        writer.Release();
        var exception = await Record.ExceptionAsync(async () => await hostile.Soon());
        var elapsed = Stopwatch.GetElapsedTime(began);

        output.WriteLine($"{defect}: {elapsed.TotalMilliseconds:F0} ms");
        Assert.True(exception is WorkerLostException, $"{defect}: {exception}");
        Assert.Contains("malformed frame", exception.Message, StringComparison.Ordinal);
        Assert.True(elapsed < Longest, $"{defect} took {elapsed}.");
        return exception.Message;
    }

    public static int Double(int number) => 2 * number;

    /// <summary>
    /// Starts a program that inherits the output and outlives the job, and then does the same as <see cref="WriteToNode"/>.
    /// </summary>
    public static int StartAndWriteToNode(string frame, int checkpoint)
    {
        using var program = Process.Start("sleep", "8");
        return WriteToNode(frame, checkpoint);
    }

    /// <summary>Runs next to the hostile jobs, which must not affect it.</summary>
    public static int Wait(int number, int checkpoint)
    {
        Checkpoint.ReportAndWait(checkpoint);
        return number;
    }

    /// <summary>Truncates the file in which its worker records the begin and end of jobs.</summary>
    public static int TruncateProgress(int result)
    {
        var mapping = File.ReadLines("/proc/self/maps").First(line => line.EndsWith(".progress", StringComparison.Ordinal));
        using var file = new FileStream(mapping[mapping.IndexOf('/')..], FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
        return result;
    }

    /// <summary>Writes to every socket of the process and never returns.</summary>
    public static int WriteToNode(string frame, int checkpoint)
    {
        var bytes = Convert.FromHexString(frame);
        Checkpoint.ReportAndWait(checkpoint);
        foreach (var descriptor in Directory.EnumerateFiles("/proc/self/fd"))
        {
            if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true)
            {
                _ = Write(int.Parse(Path.GetFileName(descriptor), CultureInfo.InvariantCulture), bytes, bytes.Length);
            }
        }

        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte[] bytes, nint count);

    private static string Done(long job, string rest) => Frame(7, Zeros(8) + "01000000" + Long(job) + rest);

    private static string Outcome(long job) => Long(job) + "00" + "00" + "00000000";

    private static string Zeros(int count) => new('0', 2 * count);

    private static string Long(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Convert.ToHexString(bytes);
    }

    private static string Frame(byte kind, string body)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, 1 + body.Length / 2);
        return Convert.ToHexString(length) + Convert.ToHexString([kind]) + body;
    }
}
