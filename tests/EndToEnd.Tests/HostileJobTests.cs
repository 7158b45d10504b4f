using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Actors.EndToEnd.Tests.Support;
using Xunit.Abstractions;

namespace Actors.EndToEnd.Tests;

/// <summary>A job writes frames of its own to its node. It ends its worker within a second, fails with a typed exception, and harms nothing else.</summary>
public sealed partial class HostileJobTests(ITestOutputHelper output)
{
    /// <summary>From the arrival of a frame to the exception of its job.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>A job that there is not.</summary>
    private const long NoJob = 7777;

    /// <summary>What is wrong with each, and how it is made by the job with that number.</summary>
    private static readonly (string What, Func<long, string> Make)[] Frames =
    [
        ("a negative length", _ => "FFFFFFFF07"),
        ("the least length", _ => "0000008007"),
        ("no kind", _ => "0000000000"),
        ("an unknown kind", _ => "01000000C8"),
        ("a kind of the node", _ => "0100000006"),
        ("a long frame of a short kind", _ => "0000100014"),
        ("status 200", job => Done(job, "C8" + "00" + "00000000")),
        ("a status that only a pool states", job => Done(job, "07" + "00" + "00000000")),
        ("threw, without a failure", job => Done(job, "01" + "00" + "00000000")),
        ("succeeded, with a failure", job => Done(job, "00" + "01" + Zeros(4 * 6) + "00" + Zeros(8) + "00000000")),
        ("an outcome of another job", _ => Done(NoJob, "00" + "00" + "00000000")),
        ("an outcome twice", job => Frame(7, Zeros(8) + "02000000" + Outcome(job) + Outcome(job))),
        ("no outcome", _ => Frame(7, Zeros(8) + "00000000")),
        ("more outcomes than bytes", _ => Frame(7, Zeros(8) + "FFFFFF7F")),
        ("a negative number of outcomes", _ => Frame(7, Zeros(8) + "FEFFFFFF")),
        ("a negative time", job => Frame(7, "FFFFFFFFFFFFFFFF" + "01000000" + Outcome(job))),
        ("bytes left over", job => Frame(7, Zeros(8) + "01000000" + Outcome(job) + "00")),
        ("a result in a file that there is not", job => Frame(20, Zeros(8) + Long(job))),
        ("a return of another job", _ => Frame(9, "01000000" + Long(NoJob))),
        ("an answer that was not asked for", _ => Frame(22, Long(1000) + "00000000")),
        ("a failed initializer", _ => Frame(4, "01" + Zeros(4 * 6) + "00" + Zeros(8))),
        ("a failed initializer without a failure", _ => Frame(4, "00")),
        ("ready, and more", _ => Frame(3, "00")),
        ("a call that is cut", _ => Frame(12, Zeros(20))),
        ("a call with more values than bytes", _ => Frame(12, Zeros(16 + 8 + 1 + 8 + 8) + "FFFFFF7F")),
        ("a call that waits for less than no time", _ => Frame(12, Zeros(16 + 8) + "01" + "00000000000000FF" + Zeros(8) + "00000000")),
        ("a call and more", _ => Frame(12, Zeros(16 + 8 + 1 + 8 + 8) + "00000000" + "00")),
        ("a caller that is cut", _ => Frame(17, "0000")),
    ];

    [LongFact]
    public async Task AFrameByHand_EndsItsWorker_AndNothingElse()
    {
        await using var own = await TestPool.StartAsync(2);
        using var gate = new Gate();
        var other = own.Pool.ApplyAsync(Wait, 3, gate.Port);
        using var visitor = await gate.NextAsync();
        var submitted = 1L;
        foreach (var (what, make) in Frames)
        {
            var message = await LoseWorkerAsync(own.Pool.ApplyAsync(WriteToNode, make(++submitted), gate.Port), gate, what);
            var isOfAnotherJob = what is "an outcome twice" || what.EndsWith("of another job", StringComparison.Ordinal);
            Assert.Equal(isOfAnotherJob, message.Contains("which it does not have", StringComparison.Ordinal));
        }

        visitor.Release();
        Assert.Equal(3, await other.Soon());
        Assert.Equal(10, await own.Pool.ApplyAsync(Double, 5).Soon());
    }

    /// <summary>Its end is not waited for: what it holds of its worker is the output.</summary>
    [Fact]
    public async Task AFrameByHand_WhileAProgramOfTheJobHoldsTheOutput_EndsItsJobAsSoon()
    {
        await using var own = await TestPool.StartAsync(1);
        using var gate = new Gate();
        await LoseWorkerAsync(own.Pool.ApplyAsync(StartAndWriteToNode, "FFFFFFFF07", gate.Port), gate, "with a program of its own");
    }

    /// <returns>The message of its exception.</returns>
    private async Task<string> LoseWorkerAsync(JobHandle<int> hostile, Gate gate, string what)
    {
        // Its worker has started: that the pool replaces the one before takes longer, and is not what is measured.
        using var writer = await gate.NextAsync();
        var began = Stopwatch.GetTimestamp();
        writer.Release();
        var exception = await Record.ExceptionAsync(async () => await hostile.Soon());
        var elapsed = Stopwatch.GetElapsedTime(began);

        output.WriteLine($"{what}: {elapsed.TotalMilliseconds:F0} ms");
        Assert.True(exception is WorkerLostException, $"{what}: {exception}");
        Assert.Contains("malformed frame", exception.Message, StringComparison.Ordinal);
        Assert.True(elapsed < Longest, $"{what} took {elapsed}.");
        return exception.Message;
    }

    public static int Double(int number) => 2 * number;

    /// <summary>As <see cref="WriteToNode"/>, after it has started a program that outlives it and has its output.</summary>
    public static int StartAndWriteToNode(string frame, int gate)
    {
        using var program = Process.Start("sleep", "4");
        return WriteToNode(frame, gate);
    }

    /// <summary>Runs beside the hostile jobs, and must not notice.</summary>
    public static int Wait(int number, int gate)
    {
        Gate.Pass(gate);
        return number;
    }

    /// <summary>Writes to every socket of the process, and does not return.</summary>
    public static int WriteToNode(string frame, int gate)
    {
        var bytes = Convert.FromHexString(frame);
        Gate.Pass(gate);
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
