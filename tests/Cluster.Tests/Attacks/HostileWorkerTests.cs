using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Actors.Messages.Storage;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>
/// A job writes valid frames to its node as fast as it can. Node and coordinator need no more memory, and jobs of another program run as
/// before.
/// </summary>
public sealed partial class HostileWorkerTests(ITestOutputHelper output)
{
    private const long PermittedGrowth = 300L << 20;

    /// <summary>The error of a socket that takes no more for now.</summary>
    private const int TryAgain = 11;

    private static readonly TimeSpan FloodTime = TimeSpan.FromSeconds(8);

    /// <summary>The greatest time of a short job of the other program. It was below 50 ms without the attack.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData("progress")]
    [InlineData("calls")]
    [InlineData("receipts")]
    [InlineData("abandoned")]
    [InlineData("callers")]
    public async Task Frames_WrittenWithoutEnd_HarmNobodyElse(string kind)
    {
        await using var cluster = new TestCluster();
        var coordinator = await cluster.StartCoordinatorAsync();
        var node = await cluster.StartNodeAsync(2);
        await using var hostile = await ProcessPool.StartAsync(1, connect: cluster.Address);
        await using var honest = await ProcessPool.StartAsync(1, connect: cluster.Address);
        await cluster.DoneAsync(hostile.ApplyAsync(Functions.Square, 2));
        await cluster.DoneAsync(honest.ApplyAsync(Functions.Square, 2));
        var before = (Node: ProcessStatus.ResidentBytes(node.Id), Coordinator: ProcessStatus.ResidentBytes(coordinator.Id));

        var flood = hostile.ApplyAsync(Flood, kind, FloodTime);
        var (slowest, jobs, most) = (TimeSpan.Zero, 0, (Node: 0L, Coordinator: 0L));
        while (!flood.Task.IsCompleted)
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Equal(9, await cluster.DoneAsync(honest.ApplyAsync(Functions.Square, 3)));
            var elapsed = Stopwatch.GetElapsedTime(began);
            (slowest, jobs) = (elapsed > slowest ? elapsed : slowest, jobs + 1);
            most.Node = Math.Max(most.Node, ProcessStatus.ResidentBytes(node.Id));
            most.Coordinator = Math.Max(most.Coordinator, ProcessStatus.ResidentBytes(coordinator.Id));
        }

        // A frame of the worker's own may come between two parts of a frame of the job. Then the worker ends early.
        var lost = await Record.ExceptionAsync(() => flood.Task);
        output.WriteLine(
            $"{kind}: {lost?.Message ?? "completed"}; {jobs} jobs meanwhile, the slowest in {slowest.TotalMilliseconds:F0} ms; "
            + $"node {before.Node >> 20} to {most.Node >> 20} MiB, coordinator {before.Coordinator >> 20} to {most.Coordinator >> 20} MiB");
        Assert.True(lost is null or WorkerLostException, $"{lost}");
        Assert.True(slowest < Longest, $"A job took {slowest}.");
        Assert.InRange(most.Node - before.Node, long.MinValue, PermittedGrowth);
        Assert.InRange(most.Coordinator - before.Coordinator, long.MinValue, PermittedGrowth);
    }

    /// <summary>Writes frames to the socket of the process for some time.</summary>
    public static int Flood(string kind, TimeSpan time)
    {
        var descriptor = Directory.EnumerateFiles("/proc/self/fd")
            .Where(file => File.ResolveLinkTarget(file, false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true)
            .Select(file => int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture)).First(IsConnected);
        var job = JobContext.Current!.Id;
        var (began, number) = (Stopwatch.GetTimestamp(), 1L << 40);
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            var frames = MakeFrames(kind, job, ref number);
            for (var sent = 0; sent < frames.Length;)
            {
                var count = Write(descriptor, ref frames[sent], frames.Length - sent);
                if (count < 0 && Marshal.GetLastPInvokeError() != TryAgain)
                    throw new IOException($"The node has closed the connection: {Marshal.GetLastPInvokeErrorMessage()}");
                if (count > 0)
                    sent += (int)count;
                else
                    Thread.Yield();
            }
        }

        return 0;
    }

    private static bool IsConnected(int descriptor)
    {
        byte none = 0;
        return Write(descriptor, ref none, 0) == 0;
    }

    private static byte[] MakeFrames(string kind, long job, ref long number)
    {
        var frames = new MemoryStream();
        for (var frame = 0; frame < (kind == "progress" ? 1 : 500); frame++)
        {
            number++;
            switch (kind)
            {
                case "progress":
                    AddFrame(frames, 24, [.. Number(job), .. new byte[4], .. BitConverter.GetBytes(1 << 20), .. new byte[1 << 20]]);
                    break;
                case "calls": AddFrame(frames, 12, [.. new byte[16], .. Number(number), 1, .. Number(-1), .. Number(1), 0, 0, 0, 0]); break;
                case "receipts": AddFrame(frames, 14, [.. new byte[16], .. Number(number)]); break;
                case "abandoned": AddFrame(frames, 15, [.. new byte[16], .. Number(number)]); break;
                default:
                    AddFrame(frames, 17, Number(number));
                    AddFrame(frames, 14, [.. new byte[16], .. Number(number)]);
                    AddFrame(frames, 18, Number(number));
                    break;
            }
        }

        return frames.ToArray();
    }

    private static void AddFrame(MemoryStream frames, byte kind, byte[] body)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, 1 + body.Length);
        frames.Write(length);
        frames.WriteByte(kind);
        frames.Write(body);
    }

    private static byte[] Number(long value) => BitConverter.GetBytes(value);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ref byte bytes, nint count);
}
